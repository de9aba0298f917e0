using System.Collections.Concurrent;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>
/// What KEDA needs of Kubernetes: Deployments whose pods are processes of this machine, and a status for ScaledObjects.
/// It lives on when KEDA is killed.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly ClusterContext _context;
    private readonly IReadOnlyDictionary<string, Deployment> _deployments;
    private readonly ConcurrentDictionary<string, ScaledObjectStatus> _statuses = new(StringComparer.Ordinal);

    /// <param name="deployments">The Deployments.</param>
    /// <param name="timings">How long things take.</param>
    /// <param name="log">Gets what happens.</param>
    /// <param name="logFolder">Gets a log for each pod.</param>
    /// <param name="time">The clock.</param>
    public SimulatedCluster(IEnumerable<DeploymentTemplate> deployments, KedaTimings timings, DecisionLog log, string logFolder, TimeProvider time)
    {
        Directory.CreateDirectory(logFolder);
        _context = new ClusterContext(timings, log, logFolder, time);
        _deployments = deployments.ToDictionary(one => one.Name, one => new Deployment(one, _context), StringComparer.Ordinal);
    }

    public IEnumerable<Deployment> Deployments => _deployments.Values;

    /// <summary>The pods' processes that ended, with the machine's monotonic clock (<see cref="TimeProvider.GetTimestamp"/>) then.</summary>
    public IReadOnlyDictionary<int, long> Exits => _context.Exits;

    internal ClusterContext Context => _context;

    public Deployment this[string name] => _deployments.TryGetValue(name, out var deployment)
        ? deployment
        : throw new KeyNotFoundException($"There is no Deployment {name}; there are {string.Join(", ", _deployments.Keys)}.");

    /// <summary>Ends every pod as a scale-in does and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Deployments.Select(deployment => deployment.CloseAsync()));
        _context.Dispose();
    }

    internal ScaledObjectStatus StatusOf(ScaledObject scaledObject) =>
        _statuses.GetOrAdd(scaledObject.Name, _ => new ScaledObjectStatus(_context.Time.GetUtcNow()));
}
