using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>A volume and where it is mounted.</summary>
/// <param name="Name">Its name in the pod.</param>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Source">What it is, such as <c>secret</c>.</param>
/// <param name="Content">The source's fields.</param>
/// <param name="ReadOnly">Whether the process may not write.</param>
internal sealed record PodVolume(string Name, string Path, string Source, JsonObject Content, bool ReadOnly = true)
{
    // The group reads: the pod's fsGroup is the process'.
    private const int GroupReads = 0x120;

    public static PodVolume OfSecret(string secret, string path, IReadOnlyList<string> keys, bool optional = false) =>
        new(secret, path, "secret", new JsonObject
        {
            ["secretName"] = secret,
            ["defaultMode"] = GroupReads,
            ["optional"] = optional ? true : null,
            ["items"] = keys.Count == 0 ? null : new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject { ["key"] = key, ["path"] = key })]),
        });

    public JsonNode ToVolume() => new JsonObject { ["name"] = Name, [Source] = Content };

    public JsonNode ToMount() => new JsonObject { ["name"] = Name, ["mountPath"] = Path, ["readOnly"] = ReadOnly ? true : null };
}
