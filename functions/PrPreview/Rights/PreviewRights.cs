using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Kubernetes;
using Ebb.PrPreview.Rendering;
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
        Fixed(ResourceTypes.ResourceQuotas, options, new() { [NamespaceObjects.Name] = NamespaceObjects.QuotaSpec(options.Environment) }, PreviewModels.Default.V1ResourceQuotaSpec),
        Fixed(ResourceTypes.LimitRanges, options, new() { [NamespaceObjects.Name] = NamespaceObjects.LimitsSpec(options.Environment) }, PreviewModels.Default.V1LimitRangeSpec),
        Fixed(ResourceTypes.NetworkPolicies, options, NetworkPolicies.Specs(options.Environment), PreviewModels.Default.V1NetworkPolicySpec),
        .. PullSecrets(options.Environment),
        // Why a preview does not come up; Argo CD does not say it of single objects.
        Right(ResourceTypes.Pods, ["list"], []),
        Right(ResourceTypes.Jobs, ["list"], []),
        Right(ResourceTypes.Deployments, ["list"], []),
        Right(ResourceTypes.PersistentVolumeClaims, ["list"], []),
        Right(ResourceTypes.Ingresses, ["list"], []),
        Right(ResourceTypes.Applications, ["get", "create", "patch", "delete"], ApplicationRules.For(options)) with { Namespace = options.Argo.Namespace },
    ];

    // By name, which server-side apply states even of what is not there yet. A write returns the object, and what a JSON Patch copied is told in the
    // error that refuses it, before any policy judges it: whoever may patch a secret can read it.
    private static IEnumerable<KubernetesRight> PullSecrets(EnvironmentOptions environment)
    {
        if (environment.HasPullSecret)
        {
            yield return Right(ResourceTypes.Secrets, ["create", "patch"], ConfiningRules.PullSecret(environment)) with { Names = [PullSecret.Name] };
        }

        if (environment.PullSecret is { } source)
        {
            yield return Right(ResourceTypes.Secrets, ["get"], []) with { Namespace = source.Namespace, Names = [source.Name] };
        }
    }

    private static KubernetesRight Fixed<T>(ResourceType type, PreviewOptions options, Dictionary<string, T> specs, JsonTypeInfo<T> model) =>
        Right(type, ["get", "create", "patch"], ConfiningRules.Fixed(options.Environment, specs.ToDictionary(spec => spec.Key, spec => JsonSerializer.SerializeToNode(spec.Value, model)))) with
        {
            Names = [.. specs.Keys],
        };

    private static KubernetesRight Right(ResourceType type, IReadOnlyList<string> verbs, IReadOnlyList<WriteRule> rules) =>
        new() { ApiGroup = type.Group, Resources = [type.Plural], Verbs = verbs, Namespace = KubernetesRight.EveryNamespace, Rules = rules };
}
