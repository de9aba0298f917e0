using Ebb.TestServers.Keda.Cluster;
using Ebb.TestServers.Keda.Grpc;

namespace Ebb.TestServers.Keda.Operator;

/// <summary>One ScaledObject's reconcile, its polling and its push streams.</summary>
internal sealed class ScaledObjectController : IDisposable
{
    private readonly ScaledObject _object;
    private readonly ClusterContext _context;
    private readonly ScaledObjectStatus _status;
    private readonly IReadOnlyList<IScaler> _scalers;
    private readonly ScaleExecutor _executor;
    private readonly HorizontalAutoscaler _autoscaler;

    // A check holds it for as long as the scaler takes to answer; a push waits for it.
    private readonly SemaphoreSlim _scaling = new(1, 1);

    public ScaledObjectController(ScaledObject scaledObject, SimulatedCluster cluster)
    {
        (_object, _context, _status) = (scaledObject, cluster.Context, cluster.StatusOf(scaledObject));
        var deployment = cluster[scaledObject.Target];
        _scalers = [.. scaledObject.Triggers.Select(trigger => new ExternalScaler(scaledObject, trigger))];
        _executor = new ScaleExecutor(scaledObject, deployment, _status, _context);
        _autoscaler = new HorizontalAutoscaler(scaledObject, deployment, _status, _scalers, _context);
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _scalers.Where(scaler => scaler.CanPush).Select(scaler => ListenAsync(scaler, cancellationToken))
            .Append(ReconcileAndPollAsync(cancellationToken))
            .Append(_autoscaler.RunAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (var scaler in _scalers)
            scaler.Dispose();
        _scaling.Dispose();
    }

    private async Task ReconcileAndPollAsync(CancellationToken cancellationToken)
    {
        await ReconcileAsync(cancellationToken);
        while (true)
        {
            await CheckAsync(cancellationToken);
            await Task.Delay(_context.Timings.Scaled(_object.PollingInterval), _context.Time, cancellationToken);
        }
    }

    // Makes the HPA. Without metric names there is none, and nothing is polled.
    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_context.Timings.Scaled(_context.Timings.FirstReconcileRetry), _context.Timings.Scaled(_context.Timings.LongestReconcileRetry));
        while (true)
        {
            try
            {
                var metrics = new List<HpaMetric>();
                for (var i = 0; i < _scalers.Count; i++)
                {
                    var specs = await _scalers[i].GetMetricSpecAsync(cancellationToken);
                    metrics.AddRange(specs.Select(spec => new HpaMetric(i, $"s{i}-{spec.Name}", spec.Target)));
                }

                _status.Metrics = metrics;
                return;
            }
            catch (GrpcException e)
            {
                Note(DecisionKind.Error, $"reconcile failed: {e.Message}");
                await Task.Delay(backOff.Next(), _context.Time, cancellationToken);
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _scaling.WaitAsync(cancellationToken);
        try
        {
            bool active = false, failed = false;
            foreach (var scaler in _scalers)
            {
                try
                {
                    foreach (var (name, _) in await scaler.GetMetricSpecAsync(cancellationToken))
                        active |= (await scaler.GetMetricsAndActivityAsync(name, cancellationToken)).Active;
                }
                catch (GrpcException e)
                {
                    Note(DecisionKind.Error, $"check failed: {e.Message}");
                    failed = true;
                }
            }

            _executor.Request(active, failed, "a check found a trigger active");
        }
        finally
        {
            _scaling.Release();
        }
    }

    private async Task ListenAsync(IScaler scaler, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(_context.Timings.Scaled(_context.Timings.FirstReconnect), _context.Timings.Scaled(_context.Timings.LongestReconnect));
        while (true)
        {
            try
            {
                await foreach (var active in scaler.PushesAsync(cancellationToken))
                    await PushedAsync(active, cancellationToken);
                backOff.Reset();
                Note(DecisionKind.Push, "the stream ended with OK");
            }
            catch (GrpcException e)
            {
                Note(DecisionKind.Error, $"the stream failed: {e.Message}");
            }

            await Task.Delay(backOff.Next(), _context.Time, cancellationToken);
        }
    }

    private async Task PushedAsync(bool active, CancellationToken cancellationToken)
    {
        if (!active)
        {
            Note(DecisionKind.Push, "false: ignored");
            return;
        }

        if (_status.Metrics is null)
        {
            Note(DecisionKind.Push, "true: dropped, the names of the metrics are not known yet");
            return;
        }

        Note(DecisionKind.Push, "true");
        await _scaling.WaitAsync(cancellationToken);
        try
        {
            _executor.Request(active: true, failed: false, "a push said active");
        }
        finally
        {
            _scaling.Release();
        }
    }

    private void Note(DecisionKind kind, string what) => _context.Log.Note(kind, _object.Target, what);
}
