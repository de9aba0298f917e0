using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Rendering;

/// <summary>
/// Nothing in, nothing out; then name resolution, and the ingress controller. Admission generates such policies as well; these hold where
/// it does not, and from the first moment.
/// </summary>
internal static class NetworkPolicies
{
    private const string DefaultDeny = "preview-default-deny";
    private const string Dns = "preview-dns";
    private const string Ingress = "preview-ingress";

    /// <summary>What each of them says, by its name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Specs(EnvironmentOptions environment) => new Dictionary<string, JsonObject>
    {
        [DefaultDeny] = new() { ["policyTypes"] = new JsonArray("Ingress", "Egress"), ["podSelector"] = new JsonObject() },
        [Dns] = new()
        {
            ["policyTypes"] = new JsonArray("Egress"),
            ["egress"] = new JsonArray(new JsonObject
            {
                ["to"] = new JsonArray(new JsonObject
                {
                    ["namespaceSelector"] = InNamespace("kube-system"),
                    ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["k8s-app"] = "kube-dns" } },
                }),
                ["ports"] = new JsonArray(Port("UDP", 53), Port("TCP", 53)),
            }),
            ["podSelector"] = new JsonObject(),
        },
        [Ingress] = new()
        {
            ["policyTypes"] = new JsonArray("Ingress"),
            ["ingress"] = new JsonArray(new JsonObject
            {
                ["from"] = new JsonArray(new JsonObject { ["namespaceSelector"] = InNamespace(environment.IngressFrom) }),
                ["ports"] = new JsonArray(new JsonObject { ["protocol"] = "TCP" }),
            }),
            ["podSelector"] = new JsonObject(),
        },
    };

    public static IEnumerable<RenderedObject> Of(PreviewPlan plan, EnvironmentOptions environment) =>
        Specs(environment).Select(policy => new RenderedObject(ResourceTypes.NetworkPolicies, new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "NetworkPolicy",
            ["metadata"] = Marks.Metadata(plan, environment, policy.Key, plan.Name.Value),
            ["spec"] = policy.Value,
        }));

    private static JsonObject InNamespace(string name) => new() { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } };

    private static JsonObject Port(string protocol, int port) => new() { ["protocol"] = protocol, ["port"] = port };
}
