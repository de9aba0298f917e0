using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.Rpc;

/// <summary>A gRPC server on a free loopback port, HTTP/2 without TLS; methods that it does not know are UNIMPLEMENTED.</summary>
internal sealed class RpcServer : IAsyncDisposable
{
    private const int Unimplemented = 12;

    private readonly WebApplication _web;

    private RpcServer(WebApplication web) => (_web, Port) = (web, new Uri(web.Urls.Single()).Port);

    public int Port { get; }

    /// <param name="methods">By path: <c>/package.Service/Method</c>.</param>
    public static async Task<RpcServer> StartAsync(IReadOnlyDictionary<string, Func<RpcCall, Task>> methods)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            options.Limits.MinResponseDataRate = null;
        });
        var web = builder.Build();
        web.Run(context => InvokeAsync(context, methods));
        await web.StartAsync();
        return new RpcServer(web);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
    }

    private static async Task InvokeAsync(HttpContext context, IReadOnlyDictionary<string, Func<RpcCall, Task>> methods)
    {
        var call = new RpcCall(context);
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is not true || context.Request.Headers.TE != "trailers")
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        }
        else if (methods.TryGetValue(context.Request.Path, out var method))
        {
            await method(call);
        }
        else
        {
            await call.EndAsync(Unimplemented, $"unknown method {context.Request.Path}");
        }
    }
}
