using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>Bitbucket Data Center's REST API (https://developer.atlassian.com/server/bitbucket/rest). Comments have versions.</summary>
public sealed class BitbucketServerServer : GitHostServer
{
    private static readonly GitAnswer NotFound = Error(404, "NoSuchEntityException", "It does not exist.");

    protected override GitAnswer? Refuse(HttpRequest request) =>
        request.Headers.Authorization == $"Bearer {Token}" ? null : Error(401, "AuthenticationException", "Authentication failed. Please check your credentials and try again.");

    protected override GitAnswer Answer(HttpRequest request, string[] path, JsonObject body)
    {
        var answer = path switch
        {
            ["rest", "api", "latest", "application-properties"] => new GitAnswer(200, new JsonObject { ["version"] = "8.19.2" }),
            ["rest", "api", "latest", "projects", var key, "repos", var slug, .. var rest] when Visible(r => r.FullName == $"{key}/{slug}") is { } repository => InRepository(request, repository, rest, body),
            _ => NotFound,
        };
        // Answers to a login name its user.
        return answer with { Headers = [.. answer.Headers, ("X-AUSERNAME", Account), ("X-AUSERID", "42")] };
    }

    private GitAnswer InRepository(HttpRequest request, GitRepositoryState repository, string[] path, JsonObject body) => (request.Method, path) switch
    {
        ("GET", ["pull-requests"]) => Page(request, repository.Pulls.Values.Where(pull => WebhookPayloads.BitbucketState(pull) == request.Query["state"]).Select(pull => (JsonNode)WebhookPayloads.BitbucketServerPull(repository, pull))),
        ("GET", ["pull-requests", var id]) => repository.Pulls.TryGetValue(int.Parse(id), out var pull) ? new GitAnswer(200, WebhookPayloads.BitbucketServerPull(repository, pull)) : NotFound,
        ("GET", ["pull-requests", var id, "activities"]) => Page(request, [
            .. repository.Comments.Where(comment => comment.Pull == int.Parse(id)).Reverse().Select(comment => (JsonNode)new JsonObject { ["action"] = "COMMENTED", ["comment"] = Comment(comment) }),
            new JsonObject { ["action"] = "OPENED" }]),
        ("GET", ["pull-requests", _, "comments"]) => Error(400, "ArgumentValidationException", "The path query parameter is required when retrieving comments."),
        ("POST", ["pull-requests", var id, "comments"]) => CreateComment(repository, int.Parse(id), body),
        ("PUT", ["pull-requests", _, "comments", var id]) => EditComment(repository, int.Parse(id), body),
        ("POST", ["commits", var sha, "builds"]) => SetStatus(repository, sha, body),
        ("GET", ["commits", var name]) => Commit(repository, name) is { } sha ? new GitAnswer(200, new JsonObject { ["id"] = sha }) : NotFound,
        ("GET", ["raw", .. var file]) => repository.Files.TryGetValue((request.Query["at"].ToString(), string.Join('/', file)), out var content) ? GitAnswer.File(content, "text/plain") : NotFound,
        _ => NotFound,
    };

    private GitAnswer Page(HttpRequest request, IEnumerable<JsonNode> items)
    {
        var (start, limit) = (Number(request, "start", 0), PageSize(request, "limit", 25));
        var all = items.ToList();
        var isLast = start + limit >= all.Count;
        return new GitAnswer(200, new JsonObject
        {
            ["start"] = start,
            ["limit"] = limit,
            ["isLastPage"] = isLast,
            ["nextPageStart"] = isLast ? null : start + limit,
            ["values"] = GitAnswer.List(all.Skip(start).Take(limit)),
        });
    }

    private GitAnswer CreateComment(GitRepositoryState repository, int pull, JsonObject body) =>
        !repository.Pulls.ContainsKey(pull) ? NotFound
        : body["text"]?.GetValue<string>() is { Length: > 0 and <= 32_768 } text ? new GitAnswer(201, Comment(AddComment(repository, pull, Account, text)))
        : Error(400, "ArgumentValidationException", "The comment's text must be from 1 to 32768 characters.");

    // An edit names the version it is based on; another one in between is a conflict.
    private GitAnswer EditComment(GitRepositoryState repository, int id, JsonObject body)
    {
        if (repository.Comments.Find(comment => comment.Id == id) is not { } comment)
        {
            return NotFound;
        }

        if (comment.Author != Account)
        {
            return Error(403, "AuthorisationException", "You are not permitted to edit this comment.");
        }

        if (body["version"]?.GetValue<int>() != comment.Version)
        {
            return Error(409, "CommentOutOfDateException", "The comment you are attempting to modify is out-of-date.");
        }

        comment.Body = body["text"]!.GetValue<string>();
        comment.Version++;
        return new GitAnswer(200, Comment(comment));
    }

    private static GitAnswer SetStatus(GitRepositoryState repository, string sha, JsonObject body)
    {
        if (!repository.Commits.Contains(sha))
        {
            return NotFound;
        }

        if (body["key"]?.GetValue<string>() is not { Length: > 0 and <= 255 } key || body["url"]?.GetValue<string>() is not { } url
            || body["state"]?.GetValue<string>() is not ("SUCCESSFUL" or "FAILED" or "INPROGRESS" or "CANCELLED" or "UNKNOWN"))
        {
            return Error(400, "ArgumentValidationException", "key, state and url are required.");
        }

        repository.Statuses.RemoveAll(status => status.Commit == sha && status.Context == key);
        repository.Statuses.Add(new GitStatus(null, sha, body["state"]!.GetValue<string>(), key, body["description"]?.GetValue<string>() ?? "", url));
        return new GitAnswer(204);
    }

    private static JsonObject Comment(GitComment comment) => new()
    {
        ["id"] = comment.Id,
        ["version"] = comment.Version,
        ["text"] = comment.Body,
        ["author"] = new JsonObject { ["name"] = comment.Author, ["slug"] = comment.Author },
    };

    private static GitAnswer Error(int status, string exception, string message) => new(status, new JsonObject
    {
        ["errors"] = new JsonArray(new JsonObject { ["context"] = null, ["message"] = message, ["exceptionName"] = $"com.atlassian.bitbucket.{exception}" }),
    });
}
