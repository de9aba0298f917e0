using System.Text.Json.Nodes;

namespace Ebb.Manifests.Rights;

/// <summary>Reads documents in which something may be missing.</summary>
internal static class JsonReading
{
    public static string Text(this JsonNode? node, string key) => node?[key]?.GetValue<string>() ?? "";

    public static IReadOnlyList<JsonNode> List(this JsonNode? node, string key) => [.. node?[key]?.AsArray().OfType<JsonNode>() ?? []];

    public static IReadOnlyList<string> Texts(this JsonNode? node, string key) => [.. node.List(key).Select(item => item.GetValue<string>())];
}
