using Ebb.PrPreview.Settings;
using Ebb.Worker;

namespace Ebb.PrPreview.Rights;

/// <summary>
/// What a preview's Application may ask of Argo CD, which has more rights than this worker: the one chart, into the preview's own namespace,
/// within the project of previews. What an update leaves as it was is not judged again: it may be of an older version.
/// </summary>
internal static class ApplicationRules
{
    public static IReadOnlyList<WriteRule> For(PreviewOptions options) =>
    [
        .. ConfiningRules.Own("Applications"),
        .. ConfiningRules.Metadata("Applications", ConfiningRules.Labels(options.Environment), [Rendering.ApplicationObject.Finalizer]),
        Spec($"object.spec.project == {Cel.Text(options.Argo.Project)}", $"Previews are in the project {options.Argo.Project}."),
        Spec($"object.spec.destination == {{'server': {Cel.Text(options.Argo.Cluster)}, 'namespace': request.name}}",
            $"A preview goes to {options.Argo.Cluster} and into the namespace of its own name."),
        Spec($"object.spec.source.repoURL == {Cel.Text(options.Chart.Repository)} && object.spec.source.chart == {Cel.Text(options.Chart.Name)} && "
            + $"object.spec.source.targetRevision == {Cel.Text(options.Chart.Version)}",
            $"Previews are made of the chart {options.Chart.Name} {options.Chart.Version} in {options.Chart.Repository}."),
        Spec($"{Only("object.spec", "project", "destination", "source", "syncPolicy", "info")} && {Only("object.spec.source", "repoURL", "chart", "targetRevision", "helm")} && "
            + $"{Only("object.spec.source.helm", "releaseName", "values")} && object.spec.source.helm.releaseName == request.name",
            "A preview has one source, whose values are given as one text."),
        Spec($"{Only("object.spec.syncPolicy", "automated", "syncOptions", "retry")} && "
            + $"object.spec.syncPolicy.syncOptions.all(o, o in {Cel.List(Rendering.ApplicationObject.SyncOptions)})",
            "Argo CD neither makes nor labels namespaces of previews."),
        new("request.operation == 'DELETE' || !has(object.operation) || (request.operation == 'UPDATE' && has(oldObject.operation) && object.operation == oldObject.operation)",
            "This account ends operations and begins none: an operation brings sources of its own."),
        new($"request.operation == 'DELETE' || (!has(object.status) && (request.operation == 'CREATE' || !has(oldObject.status))) || ({StatusAsItWas})",
            "This account writes nothing of the status but Terminating: Argo CD goes on with the operation that it finds there."),
    ];

    // A running operation is resumed from the status, with its manifests and source (argo-cd, processRequestedAppOperation, SyncAppState).
    private static string StatusAsItWas { get; } =
        "request.operation == 'UPDATE' && has(object.status) && has(oldObject.status) && "
        + "object.status.all(k, k == 'operationState' || (k in oldObject.status && object.status[k] == oldObject.status[k])) && oldObject.status.all(k, k in object.status) && "
        + $"({Cel.Same("status.operationState")} || (has(object.status.operationState) && object.status.operationState.phase == 'Terminating' && "
        + $"{Cel.Unchanged("status", "operationState", "k == 'phase'")}))";

    private static WriteRule Spec(string expression, string message) =>
        new($"request.operation == 'DELETE' || (request.operation == 'UPDATE' && object.spec == oldObject.spec) || ({expression})", message);

    private static string Only(string map, params string[] keys) => $"{map}.all(k, k in {Cel.List(keys)})";
}
