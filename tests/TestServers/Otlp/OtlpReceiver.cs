using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.Otlp;

/// <summary>
/// Takes OTLP/HTTP exports with binary protobuf: https://opentelemetry.io/docs/specs/otlp/#otlphttp. The bodies are kept
/// as they came.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const string Protobuf = "application/x-protobuf";

    private readonly WebApplication _web;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _exports = new();

    private OtlpReceiver(WebApplication web) => _web = web;

    public string Url => _web.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._web.MapPost("/v1/{signal}", receiver.ReceiveAsync);
        await receiver._web.StartAsync();
        return receiver;
    }

    /// <summary>Whether an export of a signal (<c>traces</c>, <c>metrics</c>, <c>logs</c>) holds a text: protobuf strings are plain UTF-8.</summary>
    public bool Holds(string signal, string text) =>
        _exports.Any(export => export.Signal == signal && export.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        if (http.Request.ContentType != Protobuf)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _exports.Enqueue(((string)http.Request.RouteValues["signal"]!, body.ToArray()));

        // An Export…ServiceResponse without fields: everything was accepted.
        http.Response.ContentType = Protobuf;
    }
}
