using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.TestServers.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.TestServers.Git;

/// <summary>
/// A stand-in of a Git host's API with state: repositories, pull requests, comments, statuses, files. Strict where its original is: the
/// credential's form, content types, required members, versions. What goes wrong on purpose is queued with <see cref="FailNext"/>.
/// </summary>
public abstract class GitHostServer : IAsyncDisposable
{
    private readonly WebApplication _app = LocalServer.Create();
    private readonly ConcurrentQueue<(string? PathPart, Func<HttpContext, Task> Answer)> _faults = new();
    private int _ids = 1000;
    private volatile Func<HttpContext, Task>? _broken;

    /// <summary>Where it listens: <c>http://127.0.0.1:&lt;port&gt;</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The token that is let in.</summary>
    public string Token { get; set; } = "a-token-of-the-stand-in";

    /// <summary>Whose token it is.</summary>
    public string Account { get; set; } = "ebb-bot";

    public List<GitRepositoryState> Repositories { get; } = [];

    /// <summary>Every request, <c>METHOD /path?query</c>, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Guards the state; tests that change it while requests come take it too.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How many items a page has at most, whatever is asked for.</summary>
    public int MaxPageSize { get; set; } = 100;

    public static async Task<T> StartAsync<T>()
        where T : GitHostServer, new()
    {
        var server = new T();
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    public GitRepositoryState Add(string id, string fullName)
    {
        var repository = new GitRepositoryState(id, fullName);
        Repositories.Add(repository);
        return repository;
    }

    /// <summary>Adds somebody's comment.</summary>
    public GitComment AddComment(GitRepositoryState repository, int pull, string author, string body)
    {
        var comment = new GitComment { Id = NextId(), Pull = pull, Author = author, Body = body };
        repository.Comments.Add(comment);
        return comment;
    }

    /// <summary>Answers the next request, or the next whose path has a part, with a status.</summary>
    public void FailNext(int status, int times = 1, string? pathPart = null, params (string Name, string Value)[] headers)
    {
        for (var i = 0; i < times; i++)
        {
            InterceptNext(
                context => new GitAnswer(status, new JsonObject { ["message"] = "a fault for tests" }) { Headers = headers }.WriteAsync(context.Response), pathPart);
        }
    }

    /// <summary>Does something else in place of the next answer.</summary>
    public void InterceptNext(Func<HttpContext, Task> answer, string? pathPart = null) => _faults.Enqueue((pathPart, answer));

    /// <summary>Drops the connection of the next request.</summary>
    public void DropNext(string? pathPart = null) => InterceptNext(
        static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        pathPart);

    /// <summary>Answers everything with a status, or with 0 drops every connection, until <see cref="Heal"/>.</summary>
    public void Break(int status) => _broken = context =>
    {
        if (status == 0)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return new GitAnswer(status, new JsonObject { ["message"] = "a fault for tests" }).WriteAsync(context.Response);
    };

    /// <summary>Ends what <see cref="Break"/> began.</summary>
    public void Heal() => _broken = null;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Null lets the request in.</summary>
    protected abstract GitAnswer? Refuse(HttpRequest request);

    protected abstract GitAnswer Answer(HttpRequest request, string[] path, JsonObject body);

    protected int NextId() => Interlocked.Increment(ref _ids);

    protected GitRepositoryState? Visible(Func<GitRepositoryState, bool> which) => Repositories.FirstOrDefault(repository => repository.Visible && which(repository));

    /// <summary>A full commit that a name, short or not, stands for.</summary>
    protected static string? Commit(GitRepositoryState repository, string name) =>
        repository.Commits.SingleOrDefault(commit => commit.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    protected int PageSize(HttpRequest request, string name, int fallback) =>
        Math.Min(MaxPageSize, int.TryParse(request.Query[name], out var size) ? size : fallback);

    protected static int Number(HttpRequest request, string name, int fallback) => int.TryParse(request.Query[name], out var number) ? number : fallback;

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        if (_broken is { } broken)
        {
            await broken(context);
            return;
        }

        if (_faults.TryPeek(out var fault) && (fault.PathPart is null || $"{request.Path}".Contains(fault.PathPart, StringComparison.Ordinal)) && _faults.TryDequeue(out fault))
        {
            await fault.Answer(context);
            return;
        }

        await (await AnswerAsync(request)).WriteAsync(context.Response);
    }

    private async Task<GitAnswer> AnswerAsync(HttpRequest request)
    {
        if (Refuse(request) is { } refused)
        {
            return refused;
        }

        var body = new JsonObject();
        if (request.Method is "POST" or "PUT" or "PATCH")
        {
            if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is not true)
            {
                return new GitAnswer(415, new JsonObject { ["message"] = "Unsupported Media Type" });
            }

            using var reader = new StreamReader(request.Body);
            try
            {
                body = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
            }
            catch (JsonException)
            {
                return new GitAnswer(400, new JsonObject { ["message"] = "Problems parsing JSON" });
            }
        }

        lock (Gate)
        {
            return Answer(request, request.Path.Value!.Trim('/').Split('/'), body);
        }
    }
}
