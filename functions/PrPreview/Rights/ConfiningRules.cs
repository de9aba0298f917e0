using Ebb.Contracts.Previews;
using Ebb.PrPreview.Rendering;
using Ebb.Worker;

namespace Ebb.PrPreview.Rights;

/// <summary>What holds for everything inside of a preview's namespace.</summary>
internal static class ConfiningRules
{
    // As PreviewName makes them: an AppName, -pr- and a number, and short enough for a Helm release.
    private const string NamePattern = "^[a-z][a-z0-9-]*-pr-[1-9][0-9]*$";

    /// <summary>Objects of these names.</summary>
    public static IReadOnlyList<WriteRule> Named(params IReadOnlyList<string> names) =>
    [
        .. InPreview,
        new($"request.name in {Cel.List(names)}", $"Of this kind a preview has only {string.Join(", ", names)}."),
    ];

    /// <summary>The secret that pods pull with.</summary>
    public static IReadOnlyList<WriteRule> PullSecret { get; } =
    [
        .. Named(Rendering.PullSecret.Name),
        new($"object.type == {Cel.Text(Rendering.PullSecret.Type)}", $"A preview's only secret is of the type {Rendering.PullSecret.Type}."),
        new($"has(object.data) && object.data.all(k, k == {Cel.Text(Rendering.PullSecret.Key)})", $"A preview's secret holds {Rendering.PullSecret.Key} and nothing else."),
    ];

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
