using Ebb.Scaler.Reading;
using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Metrics;

/// <summary>The page <c>/metrics</c>. Without host storage it tells of the scaler alone.</summary>
internal sealed partial class MetricsPage(
    KnownApps apps, SnapshotReader snapshots, IStorageSource source, ScalerMetrics metrics, TimeSpan timeout, TimeProvider time,
    ILogger<MetricsPage> logger)
{
    // Several scrapers read at different moments.
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<(StorageSnapshot, IReadOnlyList<FunctionSummary>, IReadOnlyList<Gauge>)>? _reading;
    private long _read;

    public async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var page = new PrometheusWriter();
        var up = 1;
        try
        {
            var (snapshot, functions, gauges) = await ReadAsync().WaitAsync(cancellationToken);
            new FunctionFigures(apps.All, snapshot, functions, time.GetUtcNow()).WriteTo(page);
            PublishedGauges.Write(gauges, page);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Figures that cannot be had are missing from the page; ebb_scaler_storage_up says why.
            up = 0;
            LogNoFigures(error);
        }

        page.Family("ebb_scaler_storage_up", "gauge", "1 when host storage answered this scrape.");
        page.Sample("ebb_scaler_storage_up", up);
        metrics.WriteTo(page);
        ProcessFigures.WriteTo(page);
        return page.ToString();
    }

    private Task<(StorageSnapshot, IReadOnlyList<FunctionSummary>, IReadOnlyList<Gauge>)> ReadAsync()
    {
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && (_reading.IsFaulted || time.GetElapsedTime(_read) > Age)))
            {
                _read = time.GetTimestamp();
                _reading = Task.Run(ReadOnceAsync);
            }

            return _reading;
        }
    }

    private async Task<(StorageSnapshot, IReadOnlyList<FunctionSummary>, IReadOnlyList<Gauge>)> ReadOnceAsync()
    {
        var storage = source.Storage;
        var queues = apps.All.SelectMany(app => app.AllQueues).ToHashSet(StringComparer.Ordinal);
        var snapshot = await snapshots.ReadAsync(queues, Age, CancellationToken.None);

        // Timers that no ScaledObject names have queues too.
        if (snapshot.Timers.Keys.Select(ScheduleState.QueueOf).Where(queue => !snapshot.Queues.ContainsKey(queue)).ToList() is { Count: > 0 } more)
        {
            snapshot = await snapshots.ReadAsync([.. queues, .. more], TimeSpan.Zero, CancellationToken.None);
        }

        using var limit = new CancellationTokenSource(timeout, time);
        var functions = await storage.Runs.SummarizeAsync(limit.Token).AsTask().WaitAsync(timeout, time);
        var gauges = await Gauges.ReadAsync(storage.Documents, limit.Token).WaitAsync(timeout, time);
        return (snapshot, functions, gauges);
    }
}
