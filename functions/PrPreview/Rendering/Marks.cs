using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using k8s.Models;

namespace Ebb.PrPreview.Rendering;

/// <summary>The labels and annotations by which the platform, people and Ebb know a preview's objects.</summary>
internal static class Marks
{
    /// <summary>On namespaces and Applications: the pull request that they belong to.</summary>
    public const string PullRequest = "ebb/pull-request";

    public const string PartOf = "app.kubernetes.io/part-of";

    public const string Previews = "ebb-previews";

    private const string NameLabel = "app.kubernetes.io/name";
    private const string InstanceLabel = "app.kubernetes.io/instance";

    /// <summary>Metadata of an object of a preview.</summary>
    public static V1ObjectMeta Metadata(PreviewPlan plan, EnvironmentOptions environment, string name, string? ns) => new()
    {
        Name = name,
        NamespaceProperty = ns,
        Labels = new Dictionary<string, string>(FixedLabels(environment)) { [NameLabel] = plan.App.Value, [InstanceLabel] = plan.Name.Value },
    };

    /// <summary>Whether an object belongs to a pull request's preview: nothing else is ever changed or deleted.</summary>
    public static bool BelongsTo(KubernetesObject found, string pullRequest) =>
        found.GetLabel(PartOf) == Previews && found.GetAnnotation(PullRequest) == pullRequest;

    /// <summary>The labels whose values are the preview's own.</summary>
    public static IReadOnlyList<string> LabelsOfPreview { get; } = [NameLabel, InstanceLabel];

    /// <summary>The labels that all previews have alike.</summary>
    public static IReadOnlyDictionary<string, string> FixedLabels(EnvironmentOptions environment) => new Dictionary<string, string>
    {
        ["app.kubernetes.io/team"] = environment.Team,
        ["app.kubernetes.io/managed-by"] = "ebb",
        [PartOf] = Previews,
    };
}
