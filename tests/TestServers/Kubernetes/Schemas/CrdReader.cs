using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ebb.TestServers.Kubernetes.Schemas;

/// <summary>Reads CustomResourceDefinitions (https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/).</summary>
internal static class CrdReader
{
    /// <summary>Every version that a file's definition serves.</summary>
    public static IEnumerable<ApiResource> Read(string file)
    {
        var stream = new YamlStream();
        using (var reader = new StreamReader(file))
        {
            stream.Load(reader);
        }

        var spec = (YamlMappingNode)stream.Documents[0].RootNode["spec"];
        var names = (YamlMappingNode)spec["names"];
        foreach (var version in ((YamlSequenceNode)spec["versions"]).Cast<YamlMappingNode>().Where(version => Text(version, "served") == "true"))
        {
            var schema = Convert((YamlMappingNode)version["schema"]["openAPIV3Schema"]);
            schema.Properties["metadata"] = CoreSchemas.Of("").Properties["metadata"];
            yield return new ApiResource(Text(spec, "group")!, Text(version, "name")!, Text(names, "plural")!, Text(names, "kind")!, Text(spec, "scope") == "Namespaced")
            {
                Schema = schema,
                HasStatus = version.Children.TryGetValue("subresources", out var subresources) && subresources is YamlMappingNode { } map && map.Children.ContainsKey("status"),
                CountsGenerations = true,
                IsCustom = true,
                Singular = Text(names, "singular") ?? Text(names, "kind")!.ToLowerInvariant(),
                ShortNames = names.Children.TryGetValue("shortNames", out var list) ? [.. ((YamlSequenceNode)list).Select(Text)] : [],
            };
        }
    }

    private static Schema Convert(YamlMappingNode node) => new()
    {
        Type = Text(node, "type"),
        Properties = Child(node, "properties")?.Children.ToDictionary(entry => Text(entry.Key), entry => Convert((YamlMappingNode)entry.Value)) ?? [],
        Additional = node.Children.TryGetValue("additionalProperties", out var additional) && additional is YamlMappingNode schema ? Convert(schema) : null,
        Items = Child(node, "items") is { } items ? Convert(items) : null,
        PreserveUnknown = Text(node, "x-kubernetes-preserve-unknown-fields") == "true",
        IntOrString = Text(node, "x-kubernetes-int-or-string") == "true",
        Nullable = Text(node, "nullable") == "true",
        Atomic = Text(node, "x-kubernetes-map-type") == "atomic" || (Text(node, "type") == "array" && Text(node, "x-kubernetes-list-type") is null or "atomic" && Text(node, "type") == "array"),
        IsSet = Text(node, "x-kubernetes-list-type") == "set",
        Keys = Text(node, "x-kubernetes-list-type") == "map" ? Texts(node, "x-kubernetes-list-map-keys") : [],
        Required = [.. Texts(node, "required")],
        Enum = node.Children.ContainsKey("enum") ? Texts(node, "enum") : null,
        Pattern = Text(node, "pattern"),
        MinLength = Number(node, "minLength"),
        MaxLength = Number(node, "maxLength"),
        Minimum = Number(node, "minimum"),
        MinItems = Number(node, "minItems"),
        MinProperties = Number(node, "minProperties"),
        Format = Text(node, "format"),
        Default = node.Children.TryGetValue("default", out var value) ? Value(value) : null,
    };

    private static JsonNode? Value(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry => KeyValuePair.Create(Text(entry.Key), Value(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Value)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } number when long.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ => JsonValue.Create(Text(node)),
    };

    private static YamlMappingNode? Child(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? value as YamlMappingNode : null;

    private static string? Text(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? (value as YamlScalarNode)?.Value : null;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static string[] Texts(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? [.. ((YamlSequenceNode)value).Select(Text)] : [];

    private static int? Number(YamlMappingNode node, string name) =>
        int.TryParse(Text(node, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
