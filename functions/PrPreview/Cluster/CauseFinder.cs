using Ebb.Kubernetes;
using Ebb.Kubernetes.Workloads;

namespace Ebb.PrPreview.Cluster;

/// <summary>Looks in a preview's namespace for what keeps it from running: an image that cannot be pulled, a crash, the quota.</summary>
internal sealed class CauseFinder(KubernetesClient cluster)
{
    /// <summary>The cause; null when there is none to see.</summary>
    public async Task<string?> FindAsync(string ns, CancellationToken cancellationToken)
    {
        var pods = await cluster.ListAsync(ResourceTypes.Pods, ns, options: null, cancellationToken);
        if (pods.Items.Where(pod => pod.Metadata.Deleted is null).Select(PodFailure.Of).FirstOrDefault(failure => failure is not null) is { } failure)
        {
            return failure.ToString();
        }

        // The quota and Pod Security refuse pods before they are pods; their Deployment says so.
        var deployments = await cluster.ListAsync(ResourceTypes.Deployments, ns, options: null, cancellationToken);
        return deployments.Items
            .Select(deployment => deployment.Condition("ReplicaFailure"))
            .Where(condition => condition is { IsTrue: true })
            .Select(condition => $"{condition!.Reason}: {condition.Message}")
            .FirstOrDefault();
    }
}
