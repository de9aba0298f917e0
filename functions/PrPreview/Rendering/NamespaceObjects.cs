using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using k8s.Models;

namespace Ebb.PrPreview.Rendering;

/// <summary>The namespace and what confines everything in it. All of it is there before the first pod can be.</summary>
internal static class NamespaceObjects
{
    /// <summary>Quota and limits.</summary>
    public const string Name = "preview";

    private static readonly string[] PodSecurityModes = ["enforce", "audit", "warn"];

    public static IEnumerable<RenderedObject> Of(PreviewPlan plan, EnvironmentOptions environment) =>
        [Namespace(plan, environment), Quota(plan, environment), Limits(plan, environment), .. NetworkPolicies.Of(plan, environment)];

    public static RenderedObject Namespace(PreviewPlan plan, EnvironmentOptions environment)
    {
        var metadata = Marks.Metadata(plan, environment, plan.Name.Value, ns: null);
        metadata.Annotations = new Dictionary<string, string> { [Marks.PullRequest] = plan.PullRequest };
        foreach (var (key, value) in FixedLabels(environment))
        {
            metadata.Labels[key] = value;
        }

        return RenderedObject.Of(ResourceTypes.Namespaces, new V1Namespace { Metadata = metadata }, PreviewModels.Default.V1Namespace);
    }

    /// <summary>The labels that every preview's namespace has alike.</summary>
    public static IReadOnlyDictionary<string, string> FixedLabels(EnvironmentOptions environment)
    {
        var labels = new Dictionary<string, string>(Marks.FixedLabels(environment)) { ["managed-by"] = "idp-platform" };
        foreach (var mode in PodSecurityModes)
        {
            labels[$"pod-security.kubernetes.io/{mode}"] = "restricted";
        }

        return labels;
    }

    /// <summary>No volumes, and nothing that opens a port outside of the ingress.</summary>
    public static V1ResourceQuotaSpec QuotaSpec(EnvironmentOptions environment) => new()
    {
        Hard = new Dictionary<string, ResourceQuantity>
        {
            ["requests.cpu"] = new(environment.Cpu),
            ["requests.memory"] = new(environment.Memory),
            ["limits.cpu"] = new(environment.Cpu),
            ["limits.memory"] = new(environment.Memory),
            ["pods"] = environment.Pods,
            ["persistentvolumeclaims"] = 0,
            ["services.loadbalancers"] = 0,
            ["services.nodeports"] = 0,
        },
    };

    /// <summary>The quota refuses pods that state no request or limit; these are given to them.</summary>
    public static V1LimitRangeSpec LimitsSpec(EnvironmentOptions environment) => new()
    {
        Limits =
        [
            new()
            {
                Type = "Container",
                DefaultProperty = Resources("250m", "256Mi"),
                DefaultRequest = Resources("25m", "64Mi"),
                Max = Resources(environment.Cpu, environment.Memory),
            },
        ],
    };

    private static RenderedObject Quota(PreviewPlan plan, EnvironmentOptions environment) => RenderedObject.Of(
        ResourceTypes.ResourceQuotas,
        new V1ResourceQuota { Metadata = Marks.Metadata(plan, environment, Name, plan.Name.Value), Spec = QuotaSpec(environment) },
        PreviewModels.Default.V1ResourceQuota);

    private static RenderedObject Limits(PreviewPlan plan, EnvironmentOptions environment) => RenderedObject.Of(
        ResourceTypes.LimitRanges,
        new V1LimitRange { Metadata = Marks.Metadata(plan, environment, Name, plan.Name.Value), Spec = LimitsSpec(environment) },
        PreviewModels.Default.V1LimitRange);

    private static Dictionary<string, ResourceQuantity> Resources(string cpu, string memory) => new() { ["cpu"] = new(cpu), ["memory"] = new(memory) };
}
