using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.Http.Tests;

/// <summary>A Kestrel on a free port of loopback, or of another address, that answers by one function and counts.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _count;
    private int _current;
    private int _most;

    private TestServer(WebApplication app, Func<HttpContext, int, Task> answer)
    {
        _app = app;
        app.Run(async context =>
        {
            var now = Interlocked.Increment(ref _current);
            InterlockedMax(now);
            try
            {
                await answer(context, Interlocked.Increment(ref _count));
            }
            finally
            {
                Interlocked.Decrement(ref _current);
            }
        });
    }

    public Uri Uri => new(_app.Urls.First());

    public int Count => _count;

    public int MostAtOnce => _most;

    public static async Task<TestServer> StartAsync(Func<HttpContext, int, Task> answer, X509Certificate2? certificate = null, IPAddress? address = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(options => options.Listen(address ?? IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var server = new TestServer(builder.Build(), answer);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private void InterlockedMax(int value)
    {
        for (var seen = _most; seen < value && Interlocked.CompareExchange(ref _most, value, seen) != seen; seen = _most)
        {
        }
    }
}
