using System.Text.Json;

namespace Ebb.Oci.Manifests;

/// <summary>Reads descriptors (OCI image-spec v1.1.1, Content Descriptors); every breach of their form is named.</summary>
internal static class DescriptorReader
{
    public static Descriptor Read(JsonElement element, string where)
    {
        var properties = Properties(element, where);
        var digest = Text(properties, "digest");
        return new Descriptor
        {
            MediaType = Text(properties, "mediaType") ?? throw new OciFormatException($"{where} has no mediaType."),
            Digest = Digest.TryParse(digest, out var parsed) ? parsed : throw new OciFormatException($"{where} has no valid digest."),
            Size = Int64(properties, "size") is { } size and >= 0 ? size : throw new OciFormatException($"{where} has no valid size."),
            HasUrls = properties.TryGetValue("urls", out var urls) && urls.ValueKind == JsonValueKind.Array && urls.GetArrayLength() > 0,
            ArtifactType = Text(properties, "artifactType"),
            Annotations = Annotations(properties, where),
            Platform = properties.TryGetValue("platform", out var platform) ? ReadPlatform(platform, where) : null,
        };
    }

    public static IReadOnlyList<Descriptor> List(Dictionary<string, JsonElement> properties, string name)
    {
        if (!properties.TryGetValue(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((element, i) => Read(element, $"{name}[{i}]"))]
            : throw new OciFormatException($"{name} is not a list.");
    }

    public static Dictionary<string, JsonElement> Properties(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new OciFormatException($"{where} is not a JSON object.");
        }

        var properties = new Dictionary<string, JsonElement>();
        foreach (var property in element.EnumerateObject())
        {
            // Readers differ in which of two they take.
            if (!properties.TryAdd(property.Name, property.Value))
            {
                throw new OciFormatException($"{where} has the property {property.Name} twice.");
            }
        }

        return properties;
    }

    public static string? Text(Dictionary<string, JsonElement> properties, string name) =>
        properties.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public static long? Int64(Dictionary<string, JsonElement> properties, string name) =>
        properties.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    public static IReadOnlyDictionary<string, string> Annotations(Dictionary<string, JsonElement> properties, string where)
    {
        var annotations = new Dictionary<string, string>();
        if (properties.TryGetValue("annotations", out var element) && element.ValueKind != JsonValueKind.Null)
        {
            foreach (var (name, value) in Properties(element, $"annotations of {where}"))
            {
                annotations[name] = value.ValueKind == JsonValueKind.String
                    ? value.GetString()!
                    : throw new OciFormatException($"The annotation {name} of {where} is not a string.");
            }
        }

        return annotations;
    }

    private static Platform? ReadPlatform(JsonElement element, string where)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var properties = Properties(element, $"platform of {where}");
        return new Platform(Text(properties, "os") ?? "unknown", Text(properties, "architecture") ?? "unknown", Text(properties, "variant"));
    }
}
