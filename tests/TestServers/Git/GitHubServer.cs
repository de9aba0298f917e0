using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>GitHub's REST API (https://docs.github.com/en/rest, version 2022-11-28).</summary>
public class GitHubServer : GitHostServer
{
    private static readonly GitAnswer NotFound = new(404, new JsonObject { ["message"] = "Not Found", ["documentation_url"] = "https://docs.github.com/rest" });

    // https://docs.github.com/en/rest/authentication; requests without a User-Agent are refused.
    protected override GitAnswer? Refuse(HttpRequest request) =>
        request.Headers.UserAgent.Count == 0 ? new GitAnswer(403, new JsonObject { ["message"] = "Request forbidden by administrative rules." })
        : request.Headers.Authorization == $"Bearer {Token}" ? null
        : new GitAnswer(401, new JsonObject { ["message"] = "Bad credentials" });

    protected override GitAnswer Answer(HttpRequest request, string[] path, JsonObject body) => path switch
    {
        ["user"] => new GitAnswer(200, new JsonObject { ["login"] = Account }),
        ["repos", var owner, var name, .. var rest] when Visible(r => r.FullName.Equals($"{owner}/{name}", StringComparison.OrdinalIgnoreCase)) is { } repository => InRepository(request, repository, rest, body),
        ["repositories", var id, .. var rest] when Visible(r => r.Id == id) is { } repository => InRepository(request, repository, rest, body),
        ["repos", var owner, var name, .. var rest] when Moved($"{owner}/{name}") is { } moved => Redirect(request, moved, rest),
        _ => NotFound,
    };

    /// <summary>Old names of renamed repositories, which are redirected to the id.</summary>
    public Dictionary<string, string> Renamed { get; } = new(StringComparer.OrdinalIgnoreCase);

    protected virtual GitAnswer InRepository(HttpRequest request, GitRepositoryState repository, string[] path, JsonObject body) => (request.Method, path) switch
    {
        ("GET", ["pulls"]) => Pulls(request, repository, "per_page"),
        ("GET", ["pulls", var number]) => repository.Pulls.TryGetValue(int.Parse(number), out var pull) ? new GitAnswer(200, Pull(repository, pull)) : NotFound,
        ("GET", ["issues", var number, "comments"]) => Comments(request, repository, int.Parse(number)),
        ("POST", ["issues", var number, "comments"]) => CreateComment(repository, int.Parse(number), body),
        ("PATCH", ["issues", "comments", var id]) => EditComment(repository, int.Parse(id), body),
        ("POST", ["statuses", var sha]) => SetStatus(repository, sha, body),
        ("GET", ["contents", .. var file]) => File(request, repository, string.Join('/', file)),
        ("GET", ["commits", var name]) => Commit(repository, name) is not { } sha
            ? new GitAnswer(422, new JsonObject { ["message"] = $"No commit found for SHA: {name}" })
            : request.Headers.Accept == "application/vnd.github.sha" ? GitAnswer.File(System.Text.Encoding.ASCII.GetBytes(sha), "application/vnd.github.sha") : new GitAnswer(200, new JsonObject { ["sha"] = sha }),
        _ => NotFound,
    };

    // https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
    protected GitAnswer Pulls(HttpRequest request, GitRepositoryState repository, string sizeName)
    {
        var size = PageSize(request, sizeName, 30);
        var page = Number(request, "page", 1);
        var open = repository.Pulls.Values.Where(pull => request.Query["state"] == "all" || pull.State == (request.Query["state"] == "closed" ? "closed" : "open"));
        return new GitAnswer(200, GitAnswer.List(open.Skip((page - 1) * size).Take(size).Select(pull => Pull(repository, pull, inList: true))));
    }

    protected static JsonObject Pull(GitRepositoryState repository, GitPull pull, bool inList = false)
    {
        var json = WebhookPayloads.GitHubPull(repository, pull);
        if (inList)
        {
            json.Remove("merged");
        }

        return json;
    }

    // https://docs.github.com/en/rest/issues/comments
    protected static GitAnswer CommentsOf(GitRepositoryState repository, int number, int skip, int take) => repository.Pulls.ContainsKey(number)
        ? new GitAnswer(200, GitAnswer.List(repository.Comments.Where(comment => comment.Pull == number).Skip(skip).Take(take).Select(Comment)))
        : NotFound;

    protected GitAnswer CreateComment(GitRepositoryState repository, int number, JsonObject body)
    {
        if (!repository.Pulls.ContainsKey(number))
        {
            return NotFound;
        }

        return body["body"]?.GetValue<string>() is { Length: > 0 } text
            ? new GitAnswer(201, Comment(AddComment(repository, number, Account, text)))
            : new GitAnswer(422, new JsonObject { ["message"] = "Validation Failed" });
    }

    protected static GitAnswer EditComment(GitRepositoryState repository, int id, JsonObject body)
    {
        if (repository.Comments.Find(comment => comment.Id == id) is not { } comment)
        {
            return NotFound;
        }

        comment.Body = body["body"]!.GetValue<string>();
        return new GitAnswer(200, Comment(comment));
    }

    // https://docs.github.com/en/rest/commits/statuses: at most 1000 for a commit and context; the newest counts.
    protected static GitAnswer SetStatus(GitRepositoryState repository, string sha, JsonObject body)
    {
        if (!repository.Commits.Contains(sha))
        {
            return new GitAnswer(422, new JsonObject { ["message"] = $"No commit found for SHA: {sha}" });
        }

        var (state, description) = (body["state"]?.GetValue<string>(), body["description"]?.GetValue<string>() ?? "");
        if (state is not ("error" or "failure" or "pending" or "success") || description.Length > 140)
        {
            return new GitAnswer(422, new JsonObject { ["message"] = "Validation Failed" });
        }

        repository.Statuses.Add(new GitStatus(null, sha, state, body["context"]?.GetValue<string>() ?? "default", description, body["target_url"]?.GetValue<string>()));
        return new GitAnswer(201, new JsonObject { ["state"] = state });
    }

    // https://docs.github.com/en/rest/repos/contents#get-repository-content: a folder is a list whatever media type is asked for.
    private static GitAnswer File(HttpRequest request, GitRepositoryState repository, string path)
    {
        var commit = request.Query["ref"].ToString();
        if (repository.Files.TryGetValue((commit, path), out var content))
        {
            return request.Headers.Accept == "application/vnd.github.raw+json"
                ? GitAnswer.File(content, "application/vnd.github.raw+json; charset=utf-8")
                : new GitAnswer(200, new JsonObject { ["type"] = "file", ["encoding"] = "base64", ["content"] = Convert.ToBase64String(content) });
        }

        return repository.Files.Keys.Any(key => key.Commit == commit && key.Path.StartsWith($"{path}/", StringComparison.Ordinal)) ? new GitAnswer(200, new JsonArray()) : NotFound;
    }

    private GitAnswer Comments(HttpRequest request, GitRepositoryState repository, int number)
    {
        var size = PageSize(request, "per_page", 30);
        return CommentsOf(repository, number, (Number(request, "page", 1) - 1) * size, size);
    }

    private static JsonObject Comment(GitComment comment) =>
        new() { ["id"] = comment.Id, ["body"] = comment.Body, ["user"] = new JsonObject { ["login"] = comment.Author } };

    private GitRepositoryState? Moved(string fullName) => Renamed.TryGetValue(fullName, out var id) ? Visible(repository => repository.Id == id) : null;

    // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    private GitAnswer Redirect(HttpRequest request, GitRepositoryState moved, string[] rest) => new(request.Method == "GET" ? 301 : 307, new JsonObject { ["message"] = "Moved Permanently" })
    {
        Headers = [("Location", $"{Address}/repositories/{moved.Id}/{string.Join('/', rest)}{request.QueryString}")],
    };
}
