using System.Text.Json.Nodes;
using Ebb.Http;
using Ebb.Kubernetes;
using Ebb.Kubernetes.Workloads;
using k8s.Models;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// Looks in a preview's namespace for what keeps it from running. Argo CD 3 does not say it: single objects' health is not in an Application's
/// status (resourceHealthSource: appTree). What is nearest to the cause comes first: a pod says more than the Deployment that waits for it.
/// </summary>
internal sealed class CauseFinder(KubernetesClient cluster)
{
    private static readonly (ResourceType Type, Func<KubernetesObject, string?> Cause)[] Looks =
    [
        (ResourceTypes.Pods, pod => PodFailure.Of(pod)?.ToString()),
        (ResourceTypes.Jobs, job => Failing(job, "Failed", "True")),
        // The quota and Pod Security refuse pods before they are pods; their Deployment says so.
        (ResourceTypes.Deployments, deployment => Failing(deployment, "ReplicaFailure", "True") ?? Failing(deployment, "Progressing", "False")),
        (ResourceTypes.PersistentVolumeClaims, OfClaim),
        (ResourceTypes.Ingresses, OfIngress),
    ];

    /// <summary>The cause; null when there is none to see. A right that is missing is one only where nothing else is.</summary>
    public async Task<string?> FindAsync(string ns, CancellationToken cancellationToken)
    {
        string? unread = null;
        foreach (var (type, cause) in Looks)
        {
            try
            {
                var found = await cluster.ListAsync(type, ns, options: null, cancellationToken);
                // The newest first: what an update replaces is still there for a while.
                if (found.Items.Where(item => item.DeletionTimestamp() is null).OrderByDescending(item => item.CreationTimestamp()).Select(cause).FirstOrDefault(one => one is not null) is { } words)
                {
                    return words;
                }
            }
            catch (KubernetesException e) when (e.Fault is KubernetesFault.Forbidden)
            {
                unread ??= $"Argo CD says no cause, and a look for one was refused: {e.Message}";
            }
        }

        return unread;
    }

    private static string? Failing(KubernetesObject item, string type, string status) =>
        item.Condition(type) is { } condition && condition.Status == status
            ? $"{NameOf(item)}: {condition.Reason}: {Redaction.Text(condition.Message)}"
            : null;

    private static string? OfClaim(KubernetesObject claim) => claim.Status.Text("phase") is "Pending" or "Lost"
        ? $"{NameOf(claim)} is {claim.Status.Text("phase")}: no volume is bound to it"
        : null;

    // gitops-engine, pkg/health/health_ingress.go: Progressing until a controller has published an address.
    private static string? OfIngress(KubernetesObject ingress) => ingress.Status.Child("loadBalancer").Items("ingress").OfType<JsonObject>().Any()
        ? null
        : $"{NameOf(ingress)} waits for an address: its ingress controller has published none in status.loadBalancer (Traefik: providers.kubernetesIngress.publishedService)";

    private static string NameOf(KubernetesObject item) => $"{item.Kind} {item.Name()}";
}
