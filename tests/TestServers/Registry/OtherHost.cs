using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>A host that registries redirect to or name as realm. It serves contents by their last path part and records what it is told.</summary>
public sealed class OtherHost : IAsyncDisposable
{
    private readonly WebApplication _app = LocalServer.Create();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();

    private OtherHost() => _app.Run(HandleAsync);

    /// <summary>Contents by name, such as a digest.</summary>
    public ConcurrentDictionary<string, byte[]> Contents { get; } = new();

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Its address by a name other than the registries': <c>http://localhost:1234</c>.</summary>
    public string Address => $"http://localhost:{new Uri(_app.Urls.First()).Port}";

    public static async Task<OtherHost> StartAsync()
    {
        var host = new OtherHost();
        await host._app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        _requests.Enqueue(new RecordedRequest(
            request.Method, request.Path, request.QueryString.ToString(), request.Headers.Authorization.FirstOrDefault(), request.Headers.Range.FirstOrDefault()));
        await (Contents.TryGetValue(request.Path.Value!.Split('/')[^1], out var content)
            ? Answers.BytesAsync(context, content)
            : Answers.ErrorAsync(context, 404, "NOT_FOUND", "no such content"));
    }
}
