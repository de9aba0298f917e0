using YamlDotNet.RepresentationModel;

namespace Ebb.Signing.Tests;

/// <summary>Checks a resource against the openAPIV3Schema of its CRD: unknown fields, missing ones, types and enumerations.</summary>
internal sealed class CustomResourceSchema(YamlMappingNode root)
{
    /// <summary>A CRD in the data folder beside the repository; null when it is not there.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
            {
                var file = Path.Combine(folder.FullName, "..", "shared", "data", "crds", name);
                return File.Exists(file) ? file : null;
            }
        }

        return null;
    }

    /// <summary>The schema of the version that a resource names.</summary>
    public static CustomResourceSchema Load(string file, YamlMappingNode resource)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(file)));
        var spec = stream.Documents[0].RootNode["spec"];
        var (group, version) = Text(resource["apiVersion"]).Split('/') is [var g, var v] ? (g, v) : ("", "");
        group.ShouldBe(Text(spec["group"]));
        Text(resource["kind"]).ShouldBe(Text(spec["names"]["kind"]));
        var found = ((YamlSequenceNode)spec["versions"]).Single(node => Text(node["name"]) == version);
        Text(found["served"]).ShouldBe("true");
        return new CustomResourceSchema((YamlMappingNode)found["schema"]["openAPIV3Schema"]);
    }

    public IEnumerable<string> Problems(YamlNode resource) => Check(resource, root, "");

    private static IEnumerable<string> Check(YamlNode node, YamlMappingNode schema, string path) => (Child(schema, "type"), node) switch
    {
        ("object", YamlMappingNode mapping) => CheckObject(mapping, schema, path),
        ("array", YamlSequenceNode list) => list.SelectMany((item, index) => Check(item, (YamlMappingNode)schema["items"], $"{path}[{index}]")),
        ("object" or "array", _) => [$"{path} is no {Child(schema, "type")}"],
        (_, not YamlScalarNode) => Child(schema, "type") is null ? [] : [$"{path} is no {Child(schema, "type")}"],
        (var type, YamlScalarNode scalar) => CheckScalar(scalar, type, schema, path),
    };

    private static IEnumerable<string> CheckObject(YamlMappingNode node, YamlMappingNode schema, string path)
    {
        var required = schema.Children.TryGetValue("required", out var names) ? ((YamlSequenceNode)names).Select(Text) : [];
        foreach (var missing in required.Where(name => !node.Children.ContainsKey(name)))
        {
            yield return $"{path}.{missing} is missing";
        }

        // The API server's own metadata is not described in a CRD.
        if (!schema.Children.TryGetValue("properties", out var properties))
        {
            yield break;
        }

        foreach (var (name, value) in node.Children)
        {
            if (!((YamlMappingNode)properties).Children.TryGetValue(name, out var property))
            {
                yield return $"{path}.{Text(name)} is unknown";
                continue;
            }

            foreach (var problem in Check(value, (YamlMappingNode)property, $"{path}.{Text(name)}"))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> CheckScalar(YamlScalarNode node, string? type, YamlMappingNode schema, string path)
    {
        var fits = type switch
        {
            "boolean" => node is { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" },
            "integer" => int.TryParse(node.Value, out _),
            _ => true,
        };
        if (!fits)
        {
            yield return $"{path} '{node.Value}' is no {type}";
        }

        if (schema.Children.TryGetValue("enum", out var allowed) && !((YamlSequenceNode)allowed).Any(value => Text(value) == node.Value))
        {
            yield return $"{path} '{node.Value}' is not allowed";
        }
    }

    private static string? Child(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? Text(value) : null;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
