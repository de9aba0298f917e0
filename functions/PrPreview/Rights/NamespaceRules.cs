using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.Worker;

namespace Ebb.PrPreview.Rights;

/// <summary>
/// What a preview's namespace is: its labels decide how admission and network policies of others treat it. Labels that somebody else put there
/// stay.
/// </summary>
internal static class NamespaceRules
{
    public static IReadOnlyList<WriteRule> For(EnvironmentOptions environment)
    {
        var fixedLabels = NamespaceObjects.FixedLabels(environment);
        return
        [
            .. ConfiningRules.Own("Namespaces"),
            new($"request.operation == 'DELETE' || ({string.Join(" && ", fixedLabels.Select(label => Cel.Has("object.metadata", "labels", label.Key, label.Value)))})",
                $"Namespaces of previews have the labels {string.Join(", ", fixedLabels.Select(label => $"{label.Key}={label.Value}"))}."),
            .. ConfiningRules.Metadata("Namespaces", [.. fixedLabels.Keys, .. Marks.LabelsOfPreview, "kubernetes.io/metadata.name"], []),
        ];
    }
}
