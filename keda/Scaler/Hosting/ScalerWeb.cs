using Ebb.Scaler.Configuration;
using Ebb.Scaler.Protos;
using Ebb.Scaler.Scaling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

/// <summary>Kestrel with two endpoints: gRPC over HTTP/2, metrics and health over HTTP/1.1. What a request speaks tells where it came in.</summary>
internal static class ScalerWeb
{
    // KEDA sends the calls of all ScaledObjects through one connection, a stream each; the default of 100 would make the rest wait.
    private const int MaxStreamsPerConnection = 20_000;

    private const int MaxMessageBytes = 1024 * 1024;

    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    public static WebApplication Build(
        ScalerOptions options, ExternalScalerService scaler, CallCounter counter, MetricsEndpoints metrics, TimeProvider time, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options, time, loggers));
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(scaler);
        AddGrpc(builder.Services);
        var web = builder.Build();
        web.UseWhen(context => !HttpProtocol.IsHttp2(context.Request.Protocol), branch => branch.Run(metrics.InvokeAsync));
        web.Use(counter.InvokeAsync);
        web.MapGrpcService<ExternalScalerService>();
        web.MapGrpcHealthChecksService();
        return web;
    }

    private static void AddGrpc(IServiceCollection services)
    {
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = MaxMessageBytes);

        // Storage that is down does not count, as for /healthz/ready. Without any check the library answers UNKNOWN, which fails a probe.
        services.AddGrpcHealthChecks(health => health.Services.Map(ExternalScaler.Descriptor.FullName, _ => true))
            .AddCheck("answers", () => HealthCheckResult.Healthy());
    }

    private static void Configure(KestrelServerOptions kestrel, ScalerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        kestrel.AddServerHeader = false;
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = MaxStreamsPerConnection;

        // A KEDA that vanished leaves streams open; a ping finds out.
        http2.KeepAlivePingDelay = PingAfter;
        http2.KeepAlivePingTimeout = PingTimeout;
        options.Grpc.ListenOn(kestrel, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Tls is { } files)
            {
                var handshake = new TlsHandshake(files, time, loggers.CreateLogger<TlsHandshake>());
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake.OptionsFor });
            }
        });
        options.Metrics.ListenOn(kestrel, listen => listen.Protocols = HttpProtocols.Http1);
    }

    // Who stops the process is Program.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
