using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Ebb.SimulatedKeda;

/// <summary>Manifests as JSON; YAML scalars become texts.</summary>
internal static class Manifests
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Every document of a file, or of the files in a folder.</summary>
    public static IReadOnlyList<JsonNode> Read(string path)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)
            : Enumerable.Repeat(path, 1);
        return [.. files.SelectMany(Documents)];
    }

    private static IEnumerable<JsonNode> Documents(string file)
    {
        // JSON is YAML.
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        return stream.Documents.Select(document => Node(document.RootNode)).OfType<JsonObject>();
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(child.Key.ToString(), Node(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Value: { } value } => JsonValue.Create(value),
        _ => null,
    };
}
