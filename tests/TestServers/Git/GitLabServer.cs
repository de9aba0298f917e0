using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>GitLab's REST API v4 (https://docs.gitlab.com/api/rest). A project the token may not see is 404, not 403.</summary>
public sealed class GitLabServer : GitHostServer
{
    private static readonly GitAnswer NotFound = new(404, new JsonObject { ["message"] = "404 Not Found" });

    protected override GitAnswer? Refuse(HttpRequest request) =>
        request.Headers["PRIVATE-TOKEN"] == Token ? null : new GitAnswer(401, new JsonObject { ["message"] = "401 Unauthorized" });

    protected override GitAnswer Answer(HttpRequest request, string[] path, JsonObject body) => path switch
    {
        ["api", "v4", "user"] => new GitAnswer(200, new JsonObject { ["id"] = 77, ["username"] = Account }),
        ["api", "v4", "projects", var id, .. var rest] when Visible(repository => repository.Id == id) is { } project => InProject(request, project, rest, body),
        _ => NotFound,
    };

    private GitAnswer InProject(HttpRequest request, GitRepositoryState project, string[] path, JsonObject body) => (request.Method, path) switch
    {
        ("GET", ["merge_requests"]) => Page(request, project.Pulls.Values.Where(pull => Is(pull, request.Query["state"])).Select(pull => (JsonNode)Request(project, pull))),
        ("GET", ["merge_requests", var iid]) => project.Pulls.TryGetValue(int.Parse(iid), out var pull) ? new GitAnswer(200, Request(project, pull)) : NotFound,
        ("GET", ["merge_requests", var iid, "notes"]) => Page(request, [SystemNote(), .. project.Comments.Where(note => note.Pull == int.Parse(iid)).Select(note => (JsonNode)Note(note))]),
        ("POST", ["merge_requests", var iid, "notes"]) => CreateNote(project, int.Parse(iid), body),
        ("PUT", ["merge_requests", _, "notes", var id]) => EditNote(project, int.Parse(id), body),
        ("POST", ["statuses", var sha]) => SetStatus(project, sha, body),
        ("GET", ["repository", "files", var file, "raw"]) => project.Files.TryGetValue((request.Query["ref"].ToString(), file.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)), out var content)
            ? GitAnswer.File(content, "text/plain") : new GitAnswer(404, new JsonObject { ["message"] = "404 File Not Found" }),
        ("GET", ["repository", "commits", var name]) => Commit(project, name) is { } sha ? new GitAnswer(200, new JsonObject { ["id"] = sha }) : NotFound,
        _ => NotFound,
    };

    private static bool Is(GitPull pull, string? state) => state is null or "all" || Word(pull) == state;

    private static string Word(GitPull pull) => pull.State == "open" ? "opened" : pull.State;

    // https://docs.gitlab.com/api/rest/#offset-based-pagination
    private GitAnswer Page(HttpRequest request, IEnumerable<JsonNode> items)
    {
        var size = PageSize(request, "per_page", 20);
        return new GitAnswer(200, GitAnswer.List(items.Skip((Number(request, "page", 1) - 1) * size).Take(size)));
    }

    // https://docs.gitlab.com/api/merge_requests/#get-single-mr
    private static JsonObject Request(GitRepositoryState project, GitPull pull) => new()
    {
        ["iid"] = pull.Number,
        ["state"] = Word(pull),
        ["title"] = pull.Title,
        ["author"] = new JsonObject { ["id"] = 5, ["username"] = pull.Author },
        ["source_branch"] = pull.SourceBranch,
        ["target_branch"] = pull.TargetBranch,
        ["sha"] = pull.Head.Length == 0 ? null : pull.Head,
        ["source_project_id"] = pull.SourceRepository is { } source ? int.Parse(source.Id) : null,
        ["target_project_id"] = int.Parse(project.Id),
        ["references"] = new JsonObject { ["full"] = $"{project.FullName}!{pull.Number}" },
        ["draft"] = pull.Draft,
        ["labels"] = GitAnswer.List(pull.Labels.Select(label => (JsonNode)label)),
        ["updated_at"] = pull.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
    };

    // https://docs.gitlab.com/api/notes/#merge-requests
    private GitAnswer CreateNote(GitRepositoryState project, int iid, JsonObject body) =>
        !project.Pulls.ContainsKey(iid) ? NotFound
        : body["body"]?.GetValue<string>() is { Length: > 0 } text ? new GitAnswer(201, Note(AddComment(project, iid, Account, text)))
        : new GitAnswer(400, new JsonObject { ["error"] = "body is missing" });

    private GitAnswer EditNote(GitRepositoryState project, int id, JsonObject body)
    {
        if (project.Comments.Find(note => note.Id == id) is not { } note)
        {
            return NotFound;
        }

        if (note.Author != Account)
        {
            return new GitAnswer(403, new JsonObject { ["message"] = "403 Forbidden" });
        }

        note.Body = body["body"]!.GetValue<string>();
        return new GitAnswer(200, Note(note));
    }

    // https://docs.gitlab.com/api/commits/#set-commit-pipeline-status: a state machine that refuses to stay where it is.
    private static GitAnswer SetStatus(GitRepositoryState project, string sha, JsonObject body)
    {
        if (!project.Commits.Contains(sha))
        {
            return NotFound;
        }

        var (state, name) = (body["state"]?.GetValue<string>(), body["name"]?.GetValue<string>() ?? "default");
        if (state is not ("pending" or "running" or "success" or "failed" or "canceled"))
        {
            return new GitAnswer(400, new JsonObject { ["error"] = "state does not have a valid value" });
        }

        if (project.Statuses.LastOrDefault(status => status.Commit == sha && status.Context == name)?.State == state)
        {
            return new GitAnswer(400, new JsonObject { ["message"] = $"Cannot transition status via :run from :{state} (Reason(s): Status cannot transition via \"run\")" });
        }

        project.Statuses.Add(new GitStatus(null, sha, state, name, body["description"]?.GetValue<string>() ?? "", body["target_url"]?.GetValue<string>()));
        return new GitAnswer(201, new JsonObject { ["status"] = state });
    }

    private static JsonObject Note(GitComment note) =>
        new() { ["id"] = note.Id, ["body"] = note.Body, ["system"] = false, ["author"] = new JsonObject { ["id"] = 1, ["username"] = note.Author } };

    private static JsonObject SystemNote() => new() { ["id"] = 1, ["body"] = "added 1 commit", ["system"] = true, ["author"] = new JsonObject { ["username"] = "ada" } };
}
