using Ebb.TestServers.Keda.Cluster;
using Ebb.TestServers.Keda.Grpc;

namespace Ebb.TestServers.Keda.Operator;

/// <summary>The HPA that KEDA makes for a ScaledObject: autoscaling/v2 with external metrics of the type AverageValue.</summary>
internal sealed class HorizontalAutoscaler(
    ScaledObject scaledObject, Deployment deployment, ScaledObjectStatus status, IReadOnlyList<IScaler> scalers, ClusterContext context)
{
    private const double Tolerance = 0.1;
    private readonly Queue<(DateTimeOffset Time, int Replicas)> _recommendations = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(context.Timings.Scaled(context.Timings.AutoscalerPeriod), context.Time, cancellationToken);
            // An HPA does nothing for a target at zero.
            if (deployment.Replicas > 0 && status.Metrics is { } metrics)
                await PassAsync(metrics, cancellationToken);
        }
    }

    private async Task PassAsync(IReadOnlyList<HpaMetric> metrics, CancellationToken cancellationToken)
    {
        var current = deployment.Replicas;
        int? proposal = null;
        var failed = false;
        foreach (var metric in metrics)
        {
            try
            {
                var (value, _) = await scalers[metric.Trigger].GetMetricsAndActivityAsync(metric.Name[(metric.Name.IndexOf('-') + 1)..], cancellationToken);
                proposal = Math.Max(proposal ?? 0, Proposed(value, metric.Target, current));
            }
            catch (GrpcException e)
            {
                context.Log.Note(DecisionKind.Error, deployment.Name, $"the HPA got no value of {metric.Name}: {e.Message}");
                failed = true;
            }
        }

        // KEDA may have scaled in the meantime; and a metric that could not be had forbids scaling in only.
        if (proposal is { } wanted && deployment.Replicas == current && !(failed && wanted < current))
            Apply(current, wanted);
    }

    private static int Proposed(double value, double target, int current) =>
        Math.Abs(1 - (value / (target * current))) <= Tolerance ? current : (int)Math.Ceiling(value / target);

    private void Apply(int current, int wanted)
    {
        var stabilized = Stabilized(wanted);
        var limited = Math.Clamp(stabilized, Math.Max(scaledObject.MinReplicas, 1), scaledObject.MaxReplicas);
        // The default policies for scaling out: double, or four more, in each period.
        limited = Math.Min(limited, Math.Max(current * 2, current + 4));
        if (limited != current)
            deployment.Scale(limited, $"the HPA wants {wanted}");
    }

    private int Stabilized(int wanted)
    {
        var now = context.Time.GetUtcNow();
        var oldest = now - context.Timings.Scaled(scaledObject.ScaleInStabilization);
        _recommendations.Enqueue((now, wanted));
        while (_recommendations.Peek().Time < oldest)
            _recommendations.Dequeue();
        var highest = _recommendations.Max(one => one.Replicas);
        return wanted < deployment.Replicas ? Math.Min(highest, deployment.Replicas) : wanted;
    }
}
