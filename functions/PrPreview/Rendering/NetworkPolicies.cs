using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using k8s.Models;

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

    private static readonly V1LabelSelector Everything = new();

    /// <summary>What each of them says, by its name.</summary>
    public static Dictionary<string, V1NetworkPolicySpec> Specs(EnvironmentOptions environment) => new()
    {
        [DefaultDeny] = new() { PolicyTypes = ["Ingress", "Egress"], PodSelector = Everything },
        [Dns] = new()
        {
            PolicyTypes = ["Egress"],
            Egress =
            [
                new()
                {
                    To = [new() { NamespaceSelector = InNamespace("kube-system"), PodSelector = With("k8s-app", "kube-dns") }],
                    Ports = [new() { Protocol = "UDP", Port = 53 }, new() { Protocol = "TCP", Port = 53 }],
                },
            ],
            PodSelector = Everything,
        },
        [Ingress] = new()
        {
            PolicyTypes = ["Ingress"],
            Ingress = [new() { FromProperty = [new() { NamespaceSelector = InNamespace(environment.IngressFrom) }], Ports = [new() { Protocol = "TCP" }] }],
            PodSelector = Everything,
        },
    };

    public static IEnumerable<RenderedObject> Of(PreviewPlan plan, EnvironmentOptions environment) => Specs(environment).Select(policy => RenderedObject.Of(
        ResourceTypes.NetworkPolicies,
        new V1NetworkPolicy { Metadata = Marks.Metadata(plan, environment, policy.Key, plan.Name.Value), Spec = policy.Value },
        PreviewModels.Default.V1NetworkPolicy));

    private static V1LabelSelector InNamespace(string name) => With("kubernetes.io/metadata.name", name);

    private static V1LabelSelector With(string label, string value) => new() { MatchLabels = new Dictionary<string, string> { [label] = value } };
}
