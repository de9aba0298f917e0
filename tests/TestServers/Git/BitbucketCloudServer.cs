using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>Bitbucket Cloud's REST API 2.0 (https://developer.atlassian.com/cloud/bitbucket/rest). Pull requests name commits by 12 digits.</summary>
public sealed class BitbucketCloudServer : GitHostServer
{
    private const string AccountUuid = "{ebb00000-0000-4000-8000-000000000000}";

    private static readonly GitAnswer NotFound = new(404, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["message"] = "Resource not found" } });

    protected override GitAnswer? Refuse(HttpRequest request) =>
        request.Headers.Authorization == $"Bearer {Token}" ? null
        : new GitAnswer(401, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["message"] = "Token is invalid, expired, or not supported for this endpoint." } });

    protected override GitAnswer Answer(HttpRequest request, string[] path, JsonObject body) => path switch
    {
        ["2.0", "user"] => new GitAnswer(200, new JsonObject { ["uuid"] = AccountUuid, ["nickname"] = Account }),
        ["2.0", "repositories", var owner, var name, .. var rest] when Visible(r => r.FullName == $"{owner}/{name}") is { } repository => InRepository(request, repository, rest, body),
        _ => NotFound,
    };

    private GitAnswer InRepository(HttpRequest request, GitRepositoryState repository, string[] path, JsonObject body) => (request.Method, path) switch
    {
        ("GET", ["pullrequests"]) => Page(request, repository.Pulls.Values.Where(pull => WebhookPayloads.BitbucketState(pull) == request.Query["state"]).Select(pull => (JsonNode)WebhookPayloads.BitbucketCloudPull(repository, pull))),
        ("GET", ["pullrequests", var id]) => repository.Pulls.TryGetValue(int.Parse(id), out var pull) ? new GitAnswer(200, WebhookPayloads.BitbucketCloudPull(repository, pull)) : NotFound,
        ("GET", ["pullrequests", var id, "comments"]) => Page(request, repository.Comments.Where(comment => comment.Pull == int.Parse(id)).Select(comment => (JsonNode)Comment(comment))),
        ("POST", ["pullrequests", var id, "comments"]) => CreateComment(repository, int.Parse(id), body),
        ("PUT", ["pullrequests", _, "comments", var id]) => EditComment(repository, int.Parse(id), body),
        ("POST", ["commit", var sha, "statuses", "build"]) => SetStatus(repository, sha, body),
        ("GET", ["commit", var name]) => Commit(repository, name) is { } sha ? new GitAnswer(200, new JsonObject { ["hash"] = sha }) : NotFound,
        ("GET", ["src", var commit, .. var file]) => repository.Files.TryGetValue((commit, string.Join('/', file)), out var content) ? GitAnswer.File(content, "text/plain") : NotFound,
        _ => NotFound,
    };

    // https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination: pull requests come 50 at a time at most.
    private GitAnswer Page(HttpRequest request, IEnumerable<JsonNode> items)
    {
        var size = Math.Min(request.Path.Value!.EndsWith("pullrequests", StringComparison.Ordinal) ? 50 : 100, PageSize(request, "pagelen", 10));
        var page = Number(request, "page", 1);
        var all = items.ToList();
        var answer = new JsonObject { ["pagelen"] = size, ["page"] = page, ["values"] = GitAnswer.List(all.Skip((page - 1) * size).Take(size)) };
        if (all.Count > page * size)
        {
            answer["next"] = $"{Address}{request.Path}?page={page + 1}";
        }

        return new GitAnswer(200, answer);
    }

    private GitAnswer CreateComment(GitRepositoryState repository, int pull, JsonObject body) =>
        !repository.Pulls.ContainsKey(pull) ? NotFound
        : body["content"]?["raw"]?.GetValue<string>() is { Length: > 0 } text ? new GitAnswer(201, Comment(AddComment(repository, pull, Account, text)))
        : new GitAnswer(400, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["message"] = "content: Required" } });

    private GitAnswer EditComment(GitRepositoryState repository, int id, JsonObject body)
    {
        if (repository.Comments.Find(comment => comment.Id == id) is not { } comment)
        {
            return NotFound;
        }

        if (comment.Author != Account)
        {
            return new GitAnswer(403, new JsonObject { ["type"] = "error" });
        }

        comment.Body = body["content"]!["raw"]!.GetValue<string>();
        return new GitAnswer(200, Comment(comment));
    }

    // https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses: key and url are required, the same key replaces.
    private static GitAnswer SetStatus(GitRepositoryState repository, string sha, JsonObject body)
    {
        if (!repository.Commits.Contains(sha))
        {
            return NotFound;
        }

        if (body["key"]?.GetValue<string>() is not { Length: > 0 and <= 40 } key || body["url"]?.GetValue<string>() is not { } url
            || body["state"]?.GetValue<string>() is not ("SUCCESSFUL" or "FAILED" or "INPROGRESS" or "STOPPED") || !Uri.IsWellFormedUriString(url, UriKind.Absolute))
        {
            return new GitAnswer(400, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["message"] = "Bad request" } });
        }

        repository.Statuses.RemoveAll(status => status.Commit == sha && status.Context == key);
        repository.Statuses.Add(new GitStatus(null, sha, body["state"]!.GetValue<string>(), key, body["description"]?.GetValue<string>() ?? "", url));
        return new GitAnswer(201, new JsonObject { ["key"] = key });
    }

    private JsonObject Comment(GitComment comment) => new()
    {
        ["id"] = comment.Id,
        ["content"] = new JsonObject { ["raw"] = comment.Body },
        ["deleted"] = false,
        ["user"] = new JsonObject { ["uuid"] = comment.Author == Account ? AccountUuid : $"{{{Guid.NewGuid()}}}", ["nickname"] = comment.Author },
    };
}
