using Ebb.Scaler.Configuration;
using Ebb.Scaler.Metrics;
using Ebb.Scaler.Reading;
using Ebb.Scaler.Scaling;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

/// <summary>A scaler that runs: its web server over host storage that others may open.</summary>
internal sealed partial class ScalerHost : IAsyncDisposable
{
    // Streams end by themselves at once; what does not is cut off.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _web;
    private readonly ILogger<ScalerHost> _logger;
    private readonly TimeProvider _time;
    private Task? _stopped;

    private ScalerHost(ScalerOptions options, IStorageSource source, ScalerTimings timings, TimeProvider time, ILoggerFactory loggers)
    {
        (_time, _logger) = (time, loggers.CreateLogger<ScalerHost>());
        var metrics = new ScalerMetrics();
        var apps = new KnownApps(time);
        var snapshots = new SnapshotReader(source, apps, options.StorageTimeout, metrics, time, loggers.CreateLogger<SnapshotReader>());
        var scaler = new ExternalScalerService(
            apps, new ActivityReader(snapshots, time), source, timings, metrics, time,
            loggers.CreateLogger<ExternalScalerService>(), _stopping.Token);
        var page = new MetricsPage(apps, snapshots, source, metrics, options.StorageTimeout, time, loggers.CreateLogger<MetricsPage>());
        _web = ScalerWeb.Build(options, scaler, new CallCounter(metrics, time), new MetricsEndpoints(page, _stopping.Token), time, loggers);
    }

    /// <summary>The port of the gRPC endpoint.</summary>
    public int GrpcPort => new Uri(_web.Urls.First().Replace("//*", "//localhost", StringComparison.Ordinal)).Port;

    /// <summary>The port of <c>/metrics</c>.</summary>
    public int MetricsPort => new Uri(_web.Urls.Last().Replace("//*", "//localhost", StringComparison.Ordinal)).Port;

    public static async Task<ScalerHost> StartAsync(
        ScalerOptions options, IStorageSource source, ScalerTimings timings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var host = new ScalerHost(options, source, timings, time, loggers);
        try
        {
            await host._web.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        host.LogStarted(string.Join(", ", host._web.Urls), options.Tls is null ? "without TLS" : options.Tls.ClientCa is null ? "TLS" : "TLS, client certificates");
        return host;
    }

    /// <summary>Ends the streams with OK, then the server.</summary>
    public Task StopAsync() => _stopped ??= StopOnceAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _web.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StopOnceAsync()
    {
        LogStopping();
        await _stopping.CancelAsync();
        using var limit = new CancellationTokenSource(StopTime, _time);
        await _web.StopAsync(limit.Token);
        LogStopped();
    }
}
