using System.Text.RegularExpressions;
using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>Where Argo CD is, and in which of its projects previews are.</summary>
internal sealed partial record ArgoOptions
{
    /// <summary><c>ArgoNamespace</c>: where Applications are. Default <c>argocd</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary><c>ArgoProject</c>: an AppProject that allows the chart and the previews' namespaces, and nothing else. Default <c>previews</c>.</summary>
    public required string Project { get; init; }

    /// <summary><c>Cluster</c>: the destination as Argo CD names it. Default <c>https://kubernetes.default.svc</c>.</summary>
    public required string Cluster { get; init; }

    public static ArgoOptions From(SettingsReader read) => new()
    {
        Namespace = read.KubernetesName("ArgoNamespace", "argocd"),
        Project = read.KubernetesName("ArgoProject", "previews"),
        Cluster = read.Matching("Cluster", "https://kubernetes.default.svc", ServerPattern(), "the cluster's URL as Argo CD knows it"),
    };

    [GeneratedRegex(@"\Ahttps://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ServerPattern();
}
