using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>Names and labels of everything.</summary>
internal static class Metadata
{
    public const string NameLabel = "app.kubernetes.io/name";

    public static JsonObject Of(PlannedApp app, string? name = null, string? ns = null, JsonObject? annotations = null) => new()
    {
        ["name"] = name ?? app.Name,
        ["namespace"] = ns ?? app.Options.Namespace,
        ["labels"] = Labels(app),
        ["annotations"] = annotations,
    };

    /// <summary>What belongs to no namespace.</summary>
    public static JsonObject OfCluster(PlannedApp app, string name) => new() { ["name"] = name, ["labels"] = Labels(app) };

    public static JsonObject Labels(PlannedApp app) => new()
    {
        [NameLabel] = app.Name,
        ["app.kubernetes.io/component"] = app.IsAllInOne ? "all-in-one" : app.IsDoor ? "door" : "worker",
        ["app.kubernetes.io/part-of"] = "ebb",
        ["app.kubernetes.io/managed-by"] = "ebb-manifests",
        ["app.kubernetes.io/team"] = app.Options.Team,
    };

    /// <summary>What selects the app's pods. It never changes: a Deployment's selector cannot.</summary>
    public static JsonObject Selector(PlannedApp app) => new() { [NameLabel] = app.Name };
}
