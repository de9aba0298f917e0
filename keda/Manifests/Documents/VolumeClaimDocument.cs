using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>Where the SQLite store of the all-in-one pod is.</summary>
internal static class VolumeClaimDocument
{
    /// <summary>How much is asked for.</summary>
    public const string Size = "2Gi";

    public static JsonObject Of(PlannedApp app) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolumeClaim",
        ["metadata"] = Metadata.Of(app),
        ["spec"] = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOncePod"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Size } },
        },
    };
}
