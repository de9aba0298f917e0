namespace Ebb.TestServers.Keda.Cluster;

/// <summary>A ScaledObject's status: kept by the API server, so that it outlives KEDA.</summary>
internal sealed class ScaledObjectStatus(DateTimeOffset created)
{
    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset? LastActive { get; set; }

    /// <summary>The HPA's metrics with their targets; null until the first reconcile.</summary>
    public IReadOnlyList<HpaMetric>? Metrics { get; set; }
}

/// <summary>One metric of the HPA.</summary>
/// <param name="Trigger">The trigger's index.</param>
/// <param name="Name">The name with the prefix <c>sN-</c>.</param>
/// <param name="Target">The average value per pod.</param>
internal sealed record HpaMetric(int Trigger, string Name, double Target);
