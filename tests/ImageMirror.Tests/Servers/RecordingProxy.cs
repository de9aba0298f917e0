using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>
/// Stands before a real registry, writes down every request in the order of arrival, and lets a test answer some of them
/// itself.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade" };

    private readonly ConcurrentQueue<string> _requests = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Uri _upstream;
    private WebApplication? _app;

    private RecordingProxy(Uri upstream) => _upstream = upstream;

    public string Host { get; private set; } = "";

    /// <summary>Every request, such as <c>PUT /v2/library/alpine/manifests/3.21</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Those that could change something.</summary>
    public IReadOnlyList<string> Writes => [.. _requests.Where(request => !request.StartsWith("GET ", StringComparison.Ordinal) && !request.StartsWith("HEAD ", StringComparison.Ordinal))];

    /// <summary>Answers a request in the registry's place; false passes it on.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = static _ => Task.FromResult(false);

    public static async Task<RecordingProxy> StartAsync(Uri _upstream)
    {
        var proxy = new RecordingProxy(_upstream);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.AddServerHeader = false;
        });
        proxy._app = builder.Build();
        proxy._app.Run(proxy.HandleAsync);
        await proxy._app.StartAsync();
        proxy.Host = new Uri(proxy._app.Urls.Single()).Authority;
        return proxy;
    }

    public void Forget() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        if (!await Intercept(context))
        {
            await ForwardAsync(context);
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_upstream, context.Request.Path.Value + context.Request.QueryString.Value));
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }
        else if (context.Request.Method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new ByteArrayContent([]);
        }

        foreach (var header in context.Request.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            _ = request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable())
                || request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()) is true;
        }

        // The registry builds its Locations from it, so uploads come back here.
        request.Headers.Host = Host;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(header => !HopByHop.Contains(header.Key)))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        if (context.Request.Method != "HEAD")
        {
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
