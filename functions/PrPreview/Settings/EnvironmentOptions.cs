using System.Text.RegularExpressions;
using Ebb.Settings;
using k8s.Models;

namespace Ebb.PrPreview.Settings;

/// <summary>What surrounds a preview: ingress, quota, the secret to pull with.</summary>
internal sealed partial record EnvironmentOptions
{
    /// <summary><c>Team</c>: the label <c>app.kubernetes.io/team</c> that admission asks for. Default <c>platform</c>.</summary>
    public required string Team { get; init; }

    /// <summary><c>IngressClass</c>. Default <c>traefik</c>.</summary>
    public required string IngressClass { get; init; }

    /// <summary><c>IngressFrom</c>: the namespace of the ingress controller, the only one that may connect. Default <c>traefik</c>.</summary>
    public required string IngressFrom { get; init; }

    /// <summary><c>ClusterIssuer</c>: cert-manager's issuer of the certificates. Default <c>internal-ca</c>.</summary>
    public required string ClusterIssuer { get; init; }

    /// <summary><c>PullSecret</c>: <c>namespace/name</c> of the secret that is copied into each preview. Default none.</summary>
    public SecretName? PullSecret { get; init; }

    /// <summary><c>HarborRobot</c>: a robot account for each preview in place of the copy. Default none.</summary>
    public HarborRobotOptions? Robot { get; init; }

    /// <summary>Whether previews have a secret to pull with.</summary>
    public bool HasPullSecret => PullSecret is not null || Robot is not null;

    /// <summary><c>Cpu</c>: the most that a preview's pods may use together. Default <c>1</c>.</summary>
    public required string Cpu { get; init; }

    /// <summary><c>Memory</c>, likewise. Default <c>1Gi</c>.</summary>
    public required string Memory { get; init; }

    /// <summary><c>Pods</c>: the most pods of a preview, counting those that are being replaced. Default 5.</summary>
    public required int Pods { get; init; }

    public static EnvironmentOptions From(SettingsReader read) => new()
    {
        Team = read.KubernetesName("Team", "platform"),
        IngressClass = read.KubernetesName("IngressClass", "traefik"),
        IngressFrom = read.KubernetesName("IngressFrom", "traefik"),
        ClusterIssuer = read.KubernetesName("ClusterIssuer", "internal-ca"),
        PullSecret = read.Parsed<SecretName?>("PullSecret", SecretName.Form, SecretName.TryParse, null),
        Robot = HarborRobotOptions.From(read),
        Cpu = Quantity(read.Matching("Cpu", "1", QuantityPattern(), "a quantity such as 1 or 500m")),
        Memory = Quantity(read.Matching("Memory", "1Gi", QuantityPattern(), "a quantity such as 1Gi or 512Mi")),
        Pods = read.Number("Pods", 5, 1, 100),
    };

    // As the API server writes it, for what is applied is compared with what is there, here and by the policy that judges the writes. What is wrong
    // was said already, and starts nothing.
    private static string Quantity(string text) => QuantityPattern().IsMatch(text) ? new ResourceQuantity(text).ToString() : text;

    [GeneratedRegex(@"\A[1-9][0-9]{0,8}(?:m|Mi|Gi)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex QuantityPattern();
}
