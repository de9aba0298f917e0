using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>
/// Azure DevOps' REST API 7.1, Git (https://learn.microsoft.com/rest/api/azure/devops/git). Whoever shows no credential gets the sign-in
/// page with 203; requests without <c>api-version</c> are refused where the original wants one.
/// </summary>
public sealed class AzureDevOpsServer : GitHostServer
{
    private const string AccountId = "ebb00000-0000-4000-8000-000000000000";

    private static readonly GitAnswer NotFound = new(404, new JsonObject { ["message"] = "TF401019: The Git repository does not exist or you do not have permissions for the operation you are attempting." });

    /// <summary>The access token that is let in as Bearer, besides <see cref="GitHostServer.Token"/> as the password of Basic.</summary>
    public string? AccessToken { get; set; }

    protected override GitAnswer? Refuse(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            return new GitAnswer(203) { Raw = "<html>Sign in</html>"u8.ToArray(), ContentType = "text/html" };
        }

        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($":{Token}"))}";
        return authorization == basic || (AccessToken is not null && authorization == $"Bearer {AccessToken}") ? null : new GitAnswer(401);
    }

    protected override GitAnswer Answer(HttpRequest request, string[] path, JsonObject body) => path switch
    {
        ["ours", "_apis", "connectionData"] => new GitAnswer(200, new JsonObject { ["authenticatedUser"] = new JsonObject { ["id"] = AccountId } }),
        ["ours", "_apis", "git", "repositories", ..] when request.Query["api-version"] != "7.1" => new GitAnswer(400, new JsonObject { ["message"] = "No api-version was supplied for the request." }),
        ["ours", "_apis", "git", "repositories", var id, .. var rest] when Visible(r => r.Id == id) is { } repository => InRepository(request, repository, rest, body),
        _ => NotFound,
    };

    private GitAnswer InRepository(HttpRequest request, GitRepositoryState repository, string[] path, JsonObject body) => (request.Method, path) switch
    {
        ("GET", ["pullRequests"]) => new GitAnswer(200, Values(repository.Pulls.Values
            .Where(pull => WebhookPayloads.AzureState(pull) == request.Query["searchCriteria.status"])
            .Skip(Number(request, "$skip", 0)).Take(PageSize(request, "$top", 100)).Select(pull => (JsonNode)WebhookPayloads.AzureDevOpsPull(repository, pull)))),
        ("GET", ["pullRequests", var id]) => repository.Pulls.TryGetValue(int.Parse(id), out var pull) ? new GitAnswer(200, WebhookPayloads.AzureDevOpsPull(repository, pull)) : NotFound,
        ("GET", ["pullRequests", var id, "labels"]) => repository.Pulls.TryGetValue(int.Parse(id), out var pull)
            ? new GitAnswer(200, Values(pull.Labels.Select(label => (JsonNode)new JsonObject { ["name"] = label, ["active"] = true }))) : NotFound,
        ("GET", ["pullRequests", var id, "threads"]) => new GitAnswer(200, Values(repository.Comments.Where(comment => comment.Pull == int.Parse(id)).Select(Thread))),
        ("POST", ["pullRequests", var id, "threads"]) => CreateThread(repository, int.Parse(id), body),
        ("PATCH", ["pullRequests", _, "threads", var thread, "comments", "1"]) => EditComment(repository, int.Parse(thread), body),
        ("POST", ["pullRequests", var id, "statuses"]) => SetStatus(repository, int.Parse(id), body),
        ("GET", ["commits", var name]) => Commit(repository, name) is { } sha ? new GitAnswer(200, new JsonObject { ["commitId"] = sha }) : NotFound,
        ("GET", ["items"]) => Item(request, repository),
        _ => NotFound,
    };

    private GitAnswer CreateThread(GitRepositoryState repository, int pull, JsonObject body)
    {
        if (!repository.Pulls.ContainsKey(pull))
        {
            return NotFound;
        }

        if (body["comments"] is not JsonArray { Count: 1 } comments || comments[0]!["content"]?.GetValue<string>() is not { Length: > 0 } text)
        {
            return new GitAnswer(400, new JsonObject { ["message"] = "A thread needs a comment with content." });
        }

        var comment = new GitComment { Id = NextId(), Pull = pull, Author = Account, Body = text, ThreadStatus = body["status"]?.GetValue<string>() ?? "active" };
        repository.Comments.Add(comment);
        return new GitAnswer(200, Thread(comment));
    }

    private GitAnswer EditComment(GitRepositoryState repository, int thread, JsonObject body)
    {
        if (repository.Comments.Find(comment => comment.Id == thread) is not { } comment)
        {
            return NotFound;
        }

        if (comment.Author != Account)
        {
            return new GitAnswer(403, new JsonObject { ["message"] = "Only the author may edit a comment." });
        }

        comment.Body = body["content"]!.GetValue<string>();
        return new GitAnswer(200, new JsonObject { ["id"] = 1 });
    }

    private static GitAnswer SetStatus(GitRepositoryState repository, int pull, JsonObject body)
    {
        if (!repository.Pulls.TryGetValue(pull, out var of))
        {
            return NotFound;
        }

        if (body["context"]?["name"]?.GetValue<string>() is not { Length: > 0 } name || body["state"]?.GetValue<string>() is not ("pending" or "succeeded" or "failed" or "error" or "notApplicable"))
        {
            return new GitAnswer(400, new JsonObject { ["message"] = "context.name and state are required." });
        }

        var genre = body["context"]!["genre"]?.GetValue<string>();
        repository.Statuses.Add(new GitStatus(pull, of.Head, body["state"]!.GetValue<string>(), $"{genre}/{name}", body["description"]?.GetValue<string>() ?? "", body["targetUrl"]?.GetValue<string>()));
        return new GitAnswer(200, new JsonObject { ["id"] = repository.Statuses.Count });
    }

    private static GitAnswer Item(HttpRequest request, GitRepositoryState repository)
    {
        var commit = request.Query["versionDescriptor.version"].ToString();
        if (request.Query["versionDescriptor.versionType"] != "commit" || !request.Query["path"].ToString().StartsWith('/'))
        {
            return new GitAnswer(400, new JsonObject { ["message"] = "versionType and an absolute path are needed." });
        }

        return repository.Files.TryGetValue((commit, request.Query["path"].ToString()[1..]), out var content) ? GitAnswer.File(content, "application/octet-stream") : NotFound;
    }

    private JsonNode Thread(GitComment comment) => new JsonObject
    {
        ["id"] = comment.Id,
        ["status"] = comment.ThreadStatus ?? "active",
        ["isDeleted"] = false,
        ["comments"] = new JsonArray(new JsonObject
        {
            ["id"] = 1,
            ["content"] = comment.Body,
            ["author"] = new JsonObject { ["id"] = comment.Author == Account ? AccountId : Guid.NewGuid().ToString(), ["uniqueName"] = $"{comment.Author}@example.com" },
        }),
    };

    private static JsonObject Values(IEnumerable<JsonNode> values) => GitAnswer.List(values) is var list ? new JsonObject { ["count"] = list.Count, ["value"] = list } : [];
}
