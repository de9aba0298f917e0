using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Git;

/// <summary>Gitea's API v1, which is Forgejo's too (https://docs.gitea.com/api). Pages are as short as MAX_RESPONSE_ITEMS says.</summary>
public sealed class GiteaServer : GitHubServer
{
    private static readonly GitAnswer NotFound = new(404, new JsonObject { ["message"] = "The target couldn't be found." });

    protected override GitAnswer? Refuse(HttpRequest request) =>
        request.Headers.Authorization == $"token {Token}" ? null : new GitAnswer(401, new JsonObject { ["message"] = "invalid username, password or token" });

    protected override GitAnswer Answer(HttpRequest request, string[] path, JsonObject body) =>
        path is ["api", "v1", .. var rest] ? base.Answer(request, rest, body) : NotFound;

    protected override GitAnswer InRepository(HttpRequest request, GitRepositoryState repository, string[] path, JsonObject body) => (request.Method, path) switch
    {
        ("GET", ["pulls"]) => Pulls(request, repository, "limit"),
        ("GET", ["pulls", var number]) => repository.Pulls.TryGetValue(int.Parse(number), out var pull) ? new GitAnswer(200, Pull(repository, pull)) : NotFound,
        ("GET", ["issues", var number, "comments"]) => CommentsOf(repository, int.Parse(number), 0, int.MaxValue),
        ("POST", ["issues", var number, "comments"]) => CreateComment(repository, int.Parse(number), body),
        ("PATCH", ["issues", "comments", var id]) => EditComment(repository, int.Parse(id), body),
        ("POST", ["statuses", var sha]) => SetStatus(repository, sha, body),
        ("GET", ["raw", .. var file]) => repository.Files.TryGetValue((request.Query["ref"].ToString(), string.Join('/', file)), out var content) ? GitAnswer.File(content, "text/plain; charset=utf-8") : NotFound,
        ("GET", ["git", "commits", var name]) => Commit(repository, name) is { } sha ? new GitAnswer(200, new JsonObject { ["sha"] = sha }) : NotFound,
        _ => NotFound,
    };
}
