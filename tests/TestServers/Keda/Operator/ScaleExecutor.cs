using Ebb.TestServers.Keda.Cluster;

namespace Ebb.TestServers.Keda.Operator;

/// <summary>From and to zero; everything between is the autoscaler's. KEDA's scale executor.</summary>
internal sealed class ScaleExecutor(ScaledObject scaledObject, Deployment deployment, ScaledObjectStatus status, ClusterContext context)
{
    private TimeSpan Cooldown => context.Timings.Scaled(scaledObject.CooldownPeriod);

    /// <summary>What a finished check, or a push, asks for.</summary>
    public void Request(bool active, bool failed, string why)
    {
        var now = context.Time.GetUtcNow();
        if (active)
        {
            status.LastActive = now;
            if (deployment.Replicas == 0)
                deployment.Scale(Math.Max(scaledObject.MinReplicas, 1), why);
        }
        else if (failed)
        {
            context.Log.Note(DecisionKind.Error, deployment.Name, $"a scaler did not answer and there is no fallback: {deployment.Replicas} replicas stay");
        }
        else if (deployment.Replicas < scaledObject.MinReplicas)
        {
            deployment.Scale(scaledObject.MinReplicas, "fewer than minReplicaCount");
        }
        else if (deployment.Replicas > 0 && scaledObject.MinReplicas == 0 && IsCool(now))
        {
            deployment.Scale(0, $"no trigger is active, and none was for {Cooldown.TotalSeconds:0.#} s");
        }
    }

    private bool IsCool(DateTimeOffset now) => status.LastActive is { } last
        ? last + Cooldown < now
        : status.Created + context.Timings.Scaled(scaledObject.InitialCooldownPeriod) < now;
}
