using System.Text.Json;

namespace Ebb.Oci.Manifests;

/// <summary>Reads manifests that may be hostile: bounded depth and length, nothing ambiguous.</summary>
internal static class ManifestReader
{
    private const int MaxDepth = 32;

    public static Manifest Read(ReadOnlyMemory<byte> content, string mediaType)
    {
        if (content.Length > Manifest.MaxBytes)
        {
            throw new OciFormatException($"The manifest has {content.Length} bytes; at most {Manifest.MaxBytes} are allowed.");
        }

        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement, content, mediaType);
        }
        catch (JsonException e)
        {
            throw new OciFormatException($"The manifest is not JSON: {e.Message}", e);
        }
    }

    private static Manifest Read(JsonElement root, ReadOnlyMemory<byte> content, string stated)
    {
        var properties = DescriptorReader.Properties(root, "the manifest");
        var mediaType = MediaTypeOf(properties, stated.Split(';')[0].Trim());
        if (DescriptorReader.Int64(properties, "schemaVersion") is not 2)
        {
            throw new OciFormatException("The manifest's schemaVersion is not 2; older images must be pushed again by a current tool.");
        }

        var manifest = new Manifest
        {
            Content = content,
            Descriptor = new Descriptor { MediaType = mediaType, Digest = Digest.Of(content.Span), Size = content.Length },
            Subject = properties.TryGetValue("subject", out var subject) ? DescriptorReader.Read(subject, "subject") : null,
            ArtifactType = DescriptorReader.Text(properties, "artifactType"),
            Annotations = DescriptorReader.Annotations(properties, "the manifest"),
        };
        return MediaTypes.IsIndex(mediaType) ? ReadIndex(manifest, properties) : ReadImage(manifest, properties);
    }

    private static Manifest ReadIndex(Manifest manifest, Dictionary<string, JsonElement> properties)
    {
        // Content that is both would be read as one thing here and as another elsewhere.
        if (properties.ContainsKey("layers") || properties.ContainsKey("config"))
        {
            throw new OciFormatException("The index has layers or a config as well as manifests, so it is ambiguous.");
        }

        return manifest with { Manifests = DescriptorReader.List(properties, "manifests") };
    }

    private static Manifest ReadImage(Manifest manifest, Dictionary<string, JsonElement> properties)
    {
        if (properties.ContainsKey("manifests"))
        {
            throw new OciFormatException("The image manifest has a list of manifests as well, so it is ambiguous.");
        }

        return manifest with
        {
            Config = properties.TryGetValue("config", out var config)
                ? DescriptorReader.Read(config, "config")
                : throw new OciFormatException("The image manifest has no config."),
            Layers = DescriptorReader.List(properties, "layers"),
        };
    }

    private static string MediaTypeOf(Dictionary<string, JsonElement> properties, string stated)
    {
        var own = DescriptorReader.Text(properties, "mediaType");
        if (own is not null && stated.Length > 0 && !own.Equals(stated, StringComparison.OrdinalIgnoreCase))
        {
            throw new OciFormatException($"The manifest calls itself '{own}', but was sent as '{stated}'.");
        }

        var mediaType = own ?? stated;
        return MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType)
            ? mediaType
            : throw new OciFormatException($"'{mediaType}' is no media type of a manifest or index.");
    }
}
