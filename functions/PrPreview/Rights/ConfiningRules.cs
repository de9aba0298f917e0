using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.Worker;

namespace Ebb.PrPreview.Rights;

/// <summary>What holds for everything inside of a preview's namespace.</summary>
internal static class ConfiningRules
{
    // As PreviewName makes them: an AppName, -pr- and a number, and short enough for a Helm release.
    private const string NamePattern = "^[a-z][a-z0-9-]*-pr-[1-9][0-9]*$";

    /// <summary>Objects of these names, each with its one spec. What an update leaves as it was may be of an older version.</summary>
    public static IReadOnlyList<WriteRule> Fixed(EnvironmentOptions environment, IReadOnlyDictionary<string, JsonNode?> specs) =>
    [
        .. Named(environment, [.. specs.Keys]),
        .. specs.Select(spec => new WriteRule(
            $"request.name != {Cel.Text(spec.Key)} || (request.operation == 'UPDATE' && object.spec == oldObject.spec) || object.spec == {Cel.Json(spec.Value)}",
            $"{spec.Key} is the same in every preview.")),
    ];

    /// <summary>The secret that pods pull with.</summary>
    public static IReadOnlyList<WriteRule> PullSecret(EnvironmentOptions environment) =>
    [
        .. Named(environment, [Rendering.PullSecret.Name]),
        new($"object.type == {Cel.Text(Rendering.PullSecret.Type)}", $"A preview's only secret is of the type {Rendering.PullSecret.Type}."),
        new($"has(object.data) && object.data.all(k, k == {Cel.Text(Rendering.PullSecret.Key)})", $"A preview's secret holds {Rendering.PullSecret.Key} and nothing else."),
    ];

    /// <summary>
    /// Metadata with what Ebb writes, and with what others wrote before. Annotations tell other controllers what to do with their rights: fill a
    /// secret, commit to Git. An owner that is not there has the object deleted.
    /// </summary>
    public static IReadOnlyList<WriteRule> Metadata(string what, IEnumerable<string> labels, IReadOnlyList<string> finalizers) =>
    [
        new($"request.operation == 'DELETE' || !has(object.metadata.labels) || object.metadata.labels.all(k, k in {Cel.List(labels)} || {Was("labels")})",
            $"This account sets no other labels of {what}."),
        new("request.operation == 'DELETE' || !has(object.metadata.annotations) || object.metadata.annotations.all(k, k in "
                + $"{Cel.List([Marks.PullRequest, Cluster.ObjectApplier.Applied])} || {Was("annotations")})",
            $"This account sets no other annotations of {what}."),
        new("request.operation == 'DELETE' || !has(object.metadata.finalizers) || object.metadata.finalizers.all(f, "
                + $"f in {Cel.List(finalizers)} || (request.operation == 'UPDATE' && has(oldObject.metadata.finalizers) && f in oldObject.metadata.finalizers))",
            $"This account sets no other finalizers of {what}."),
        new("request.operation == 'DELETE' || !has(object.metadata.ownerReferences) || (request.operation == 'UPDATE' && has(oldObject.metadata.ownerReferences) "
                + "&& object.metadata.ownerReferences == oldObject.metadata.ownerReferences)",
            $"This account gives no owners to {what}."),
    ];

    /// <summary>The labels of a preview's objects.</summary>
    public static IEnumerable<string> Labels(EnvironmentOptions environment) => [.. Marks.FixedLabels(environment).Keys, .. Marks.LabelsOfPreview];

    private static IReadOnlyList<WriteRule> Named(EnvironmentOptions environment, IReadOnlyList<string> names) =>
    [
        .. InPreview,
        new($"request.name in {Cel.List(names)}", $"Of this kind a preview has only {string.Join(", ", names)}."),
        .. Metadata("what is in a preview", Labels(environment), []),
    ];

    private static string Was(string map) => $"(request.operation == 'UPDATE' && has(oldObject.metadata.{map}) && k in oldObject.metadata.{map} && oldObject.metadata.{map}[k] == object.metadata.{map}[k])";

    private static IReadOnlyList<WriteRule> InPreview =>
    [
        new(IsPreview("request.namespace"), "This account writes only in the namespaces of previews."),
        new(IsMarked("namespaceObject"), "This namespace is named as a preview's, but Ebb did not make it."),
    ];

    /// <summary>Whether a text is the name of a preview.</summary>
    public static string IsPreview(string name) =>
        $"{name}.matches({Cel.Text(NamePattern)}) && size({name}) <= {PreviewName.MaxLength}";

    /// <summary>Whether an object carries the label of all previews.</summary>
    public static string IsMarked(string name) => Cel.Has($"{name}.metadata", "labels", Marks.PartOf, Marks.Previews);

    /// <summary>Rules for objects that others could have under the same name: only such as carry a pull request's mark, and keep it.</summary>
    public static IReadOnlyList<WriteRule> Own(string what) =>
    [
        new(IsPreview("request.name"), $"{what} of previews are named <app>-pr-<number>; this account touches no other."),
        new($"request.operation == 'CREATE' || ({IsMarked("oldObject")})", $"This is none of the {what} that Ebb made."),
        new($"request.operation == 'DELETE' || ({IsMarked("object")} && has(object.metadata.annotations) && {Cel.Text(Marks.PullRequest)} in object.metadata.annotations)",
            $"{what} of previews carry the label {Marks.PartOf}={Marks.Previews} and the annotation {Marks.PullRequest}."),
    ];
}
