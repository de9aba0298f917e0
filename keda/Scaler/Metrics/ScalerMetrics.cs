using Grpc.Core;

namespace Ebb.Scaler.Metrics;

/// <summary>What the scaler counts of itself.</summary>
internal sealed class ScalerMetrics
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, CallFigures> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streaming = new(StringComparer.Ordinal);
    private long _pushes;
    private long _reads;
    private long _errors;
    private int _streams;

    public void Count(IMethod method, StatusCode status, TimeSpan duration)
    {
        lock (_gate)
        {
            if (!_calls.TryGetValue(method.Name, out var figures))
            {
                _calls.Add(method.Name, figures = new());
            }

            figures.Add(status, duration);
            if (method.Type == MethodType.ServerStreaming)
            {
                _streaming.Add(method.Name);
            }
        }
    }

    public void CountPush() => Interlocked.Increment(ref _pushes);

    public void CountRead() => Interlocked.Increment(ref _reads);

    public void CountStorageError() => Interlocked.Increment(ref _errors);

    public void StreamOpened() => Interlocked.Increment(ref _streams);

    public void StreamClosed() => Interlocked.Decrement(ref _streams);

    public void WriteTo(PrometheusWriter page)
    {
        lock (_gate)
        {
            WriteCalls(page);
        }

        page.Family("ebb_scaler_open_streams", "gauge", "StreamIsActive streams that are open.");
        page.Sample("ebb_scaler_open_streams", Volatile.Read(ref _streams));
        page.Family("ebb_scaler_pushes_total", "counter", "Times that true was pushed to KEDA.");
        page.Sample("ebb_scaler_pushes_total", Interlocked.Read(ref _pushes));
        page.Family("ebb_scaler_storage_reads_total", "counter", "Reads of host storage for KEDA's calls; one answers many callers.");
        page.Sample("ebb_scaler_storage_reads_total", Interlocked.Read(ref _reads));
        page.Family("ebb_scaler_storage_errors_total", "counter", "Reads of host storage that failed or took too long.");
        page.Sample("ebb_scaler_storage_errors_total", Interlocked.Read(ref _errors));
    }

    private void WriteCalls(PrometheusWriter page)
    {
        page.Family("ebb_scaler_calls_total", "counter", "Calls that have ended, by gRPC status; a stream when it ended.");
        foreach (var (method, figures) in _calls)
        {
            foreach (var (status, count) in figures.ByStatus)
            {
                page.Sample("ebb_scaler_calls_total", count, ("method", method), ("status", status.ToString()));
            }
        }

        const string Duration = "ebb_scaler_call_duration_seconds";
        page.Family(Duration, "histogram", "How long calls took; streams are not among them.");
        foreach (var (method, figures) in _calls.Where(entry => !_streaming.Contains(entry.Key)))
        {
            var counts = figures.Cumulative.ToArray();
            for (var i = 0; i < counts.Length; i++)
            {
                page.Sample(Duration + "_bucket", counts[i], ("method", method), ("le", i < CallFigures.Bounds.Length ? PrometheusWriter.Number(CallFigures.Bounds[i]) : "+Inf"));
            }

            page.Sample(Duration + "_sum", figures.Seconds, ("method", method));
            page.Sample(Duration + "_count", counts[^1], ("method", method));
        }
    }
}
