using Ebb.Kubernetes;

namespace Ebb.PrPreview.Cluster;

/// <summary>An object that is to be applied is being deleted: it has to be gone first.</summary>
internal sealed class StillGoingException(KubernetesObject found) : Exception($"{found} is being deleted.")
{
    public KubernetesObject Found { get; } = found;
}
