using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;

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
        metadata["annotations"] = new JsonObject { [Marks.PullRequest] = plan.PullRequest };
        foreach (var (key, value) in FixedLabels(environment))
        {
            metadata["labels"]![key] = value;
        }

        return new(ResourceTypes.Namespaces, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata });
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
    public static JsonObject QuotaSpec(EnvironmentOptions environment) => new()
    {
        ["hard"] = new JsonObject
        {
            ["requests.cpu"] = environment.Cpu,
            ["requests.memory"] = environment.Memory,
            ["limits.cpu"] = environment.Cpu,
            ["limits.memory"] = environment.Memory,
            ["pods"] = environment.Pods.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["persistentvolumeclaims"] = "0",
            ["services.loadbalancers"] = "0",
            ["services.nodeports"] = "0",
        },
    };

    /// <summary>The quota refuses pods that state no request or limit; these are given to them.</summary>
    public static JsonObject LimitsSpec(EnvironmentOptions environment) => new()
    {
        ["limits"] = new JsonArray(new JsonObject
        {
            ["type"] = "Container",
            ["default"] = new JsonObject { ["cpu"] = "250m", ["memory"] = "256Mi" },
            ["defaultRequest"] = new JsonObject { ["cpu"] = "25m", ["memory"] = "64Mi" },
            ["max"] = new JsonObject { ["cpu"] = environment.Cpu, ["memory"] = environment.Memory },
        }),
    };

    private static RenderedObject Quota(PreviewPlan plan, EnvironmentOptions environment) =>
        Of(ResourceTypes.ResourceQuotas, "ResourceQuota", plan, environment, QuotaSpec(environment));

    private static RenderedObject Limits(PreviewPlan plan, EnvironmentOptions environment) =>
        Of(ResourceTypes.LimitRanges, "LimitRange", plan, environment, LimitsSpec(environment));

    private static RenderedObject Of(ResourceType type, string kind, PreviewPlan plan, EnvironmentOptions environment, JsonObject spec) => new(type, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = kind,
        ["metadata"] = Marks.Metadata(plan, environment, Name, plan.Name.Value),
        ["spec"] = spec,
    });
}
