using Ebb.Kubernetes;
using Ebb.Oci;

namespace Ebb.PrPreview.Keeping;

/// <summary>What a cluster or registry refuses until somebody changes something; everything else may pass and is tried again.</summary>
internal static class Refusal
{
    public static bool IsForGood(Exception exception) => exception switch
    {
        PreviewException => true,
        KubernetesException e => e.Fault is KubernetesFault.Forbidden or KubernetesFault.Unauthorized or KubernetesFault.Invalid or KubernetesFault.QuotaExceeded
            or KubernetesFault.TypeNotServed or KubernetesFault.Tls or KubernetesFault.Credential,
        RegistryException e => e.Fault is RegistryFault.Unauthorized or RegistryFault.Denied or RegistryFault.ProjectMissing or RegistryFault.Tls or RegistryFault.PolicyViolation,
        _ => false,
    };
}
