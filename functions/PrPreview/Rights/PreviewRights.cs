using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using Ebb.Worker;

namespace Ebb.PrPreview.Rights;

/// <summary>
/// What the worker may do with the Kubernetes API. Namespaces come and go, so most rights hold everywhere; the rules of each confine its writes to
/// previews, and to what a preview is made of.
/// </summary>
internal static class PreviewRights
{
    public static IEnumerable<KubernetesRight> For(PreviewOptions options) =>
    [
        Right(ResourceTypes.Namespaces, ["get", "list", "create", "patch", "delete"], NamespaceRules.For(options.Environment)),
        Right(ResourceTypes.ResourceQuotas, ["get", "create", "patch"], ConfiningRules.Named(Rendering.NamespaceObjects.Name)),
        Right(ResourceTypes.LimitRanges, ["get", "create", "patch"], ConfiningRules.Named(Rendering.NamespaceObjects.Name)),
        Right(ResourceTypes.NetworkPolicies, ["get", "create", "patch"], ConfiningRules.Named(Rendering.NetworkPolicies.Names)),
        .. PullSecrets(options.Environment),
        // Why a preview does not come up; Argo CD does not say it of single objects.
        Right(ResourceTypes.Pods, ["list"], []),
        Right(ResourceTypes.Jobs, ["list"], []),
        Right(ResourceTypes.Deployments, ["list"], []),
        Right(ResourceTypes.PersistentVolumeClaims, ["list"], []),
        Right(ResourceTypes.Ingresses, ["list"], []),
        Right(ResourceTypes.Applications, ["get", "create", "patch", "delete"], ApplicationRules.For(options)) with { Namespace = options.Argo.Namespace },
    ];

    // A write returns the object as it is then. So the name and type of what may be written are what keeps other secrets unread, not the missing
    // get: a token of another service account, made by its type, would come back in the answer.
    private static IEnumerable<KubernetesRight> PullSecrets(EnvironmentOptions environment)
    {
        if (environment.HasPullSecret)
        {
            yield return Right(ResourceTypes.Secrets, ["create", "patch"], ConfiningRules.PullSecret);
        }

        if (environment.PullSecret is { } source)
        {
            yield return Right(ResourceTypes.Secrets, ["get"], []) with { Namespace = source.Namespace, Names = [source.Name] };
        }
    }

    private static KubernetesRight Right(ResourceType type, IReadOnlyList<string> verbs, IReadOnlyList<WriteRule> rules) =>
        new() { ApiGroup = type.Group, Resources = [type.Plural], Verbs = verbs, Namespace = KubernetesRight.EveryNamespace, Rules = rules };
}
