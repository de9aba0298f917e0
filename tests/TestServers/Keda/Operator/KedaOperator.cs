using Ebb.TestServers.Keda.Cluster;

namespace Ebb.TestServers.Keda.Operator;

/// <summary>
/// KEDA's operator as its contract describes it (2.20), over a <see cref="SimulatedCluster"/>. Disposing it is killing
/// it: connections break, pods and statuses stay, and another one may be started on the same cluster.
/// </summary>
public sealed class KedaOperator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<ScaledObjectController> _controllers;
    private readonly Task _running;

    private KedaOperator(IReadOnlyList<ScaledObjectController> controllers)
    {
        _controllers = controllers;
        _running = Task.WhenAll(controllers.Select(controller => controller.RunAsync(_stop.Token)));
    }

    /// <summary>Fails when the simulation itself does; else ends only with <see cref="DisposeAsync"/>.</summary>
    public Task Running => _running;

    public static KedaOperator Start(SimulatedCluster cluster, IEnumerable<ScaledObject> scaledObjects) =>
        new([.. scaledObjects.Select(one => new ScaledObjectController(one, cluster))]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was told to.
        }

        foreach (var controller in _controllers)
            controller.Dispose();
        _stop.Dispose();
    }
}
