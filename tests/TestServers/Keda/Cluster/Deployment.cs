using System.Security.Cryptography;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>Keeps as many pods as it has replicas; which of them go when it shrinks is left to chance.</summary>
public sealed class Deployment
{
    private readonly DeploymentTemplate _template;
    private readonly ClusterContext _context;
    private readonly Lock _gate = new();
    private readonly List<Pod> _pods = [];
    private readonly List<Pod> _leaving = [];
    private bool _closed;

    internal Deployment(DeploymentTemplate template, ClusterContext context)
    {
        (_template, _context) = (template, context);
        Scale(template.Replicas, "the Deployment's own replicas");
    }

    public string Name => _template.Name;

    public int Replicas { get; private set; }

    /// <summary>The pods that are not on their way out.</summary>
    public IReadOnlyList<Pod> Pods
    {
        get
        {
            lock (_gate)
            {
                return [.. _pods];
            }
        }
    }

    /// <summary>The pods whose process has not ended, those that were told to end among them.</summary>
    public IReadOnlyList<Pod> Alive
    {
        get
        {
            lock (_gate)
            {
                _leaving.RemoveAll(pod => pod.Ended.IsCompleted);
                return [.. _pods, .. _leaving];
            }
        }
    }

    /// <summary>Sets the replicas, as a patch of the scale subresource does.</summary>
    public void Scale(int replicas, string why)
    {
        lock (_gate)
        {
            if (replicas == Replicas || _closed)
                return;
            _context.Log.Scaled(Name, Replicas, replicas, why);
            Replicas = replicas;
            while (_pods.Count < replicas)
                _pods.Add(new Pod(_template, $"{Name}-{RandomNumberGenerator.GetHexString(5, lowercase: true)}", _context));
            while (_pods.Count > replicas)
                Remove(_pods[RandomNumberGenerator.GetInt32(_pods.Count)]);
        }
    }

    internal async Task CloseAsync()
    {
        Scale(0, "the cluster is shut down");
        lock (_gate)
        {
            _closed = true;
        }

        await Task.WhenAll(Alive.Select(pod => pod.Ended));
    }

    private void Remove(Pod pod)
    {
        _pods.Remove(pod);
        _leaving.Add(pod);
        pod.Terminate();
    }
}
