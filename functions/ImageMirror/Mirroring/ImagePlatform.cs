using System.Text.Json;
using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>The platform of an image without an index, from its configuration (OCI image-spec v1.1.1, Image Configuration).</summary>
internal static class ImagePlatform
{
    private const int MaxConfigBytes = 4 * 1024 * 1024;

    public static async Task<Platform> ReadAsync(RegistryClient registry, string repository, Manifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.Config is not { } config)
        {
            throw new OciFormatException($"{repository}@{manifest.Descriptor.Digest} has no configuration, so its platform is unknown.");
        }

        var content = await registry.ReadBlobAsync(repository, config, MaxConfigBytes, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(content);
            return new Platform(Text(document, "os") ?? "unknown", Text(document, "architecture") ?? "unknown", Text(document, "variant"));
        }
        catch (JsonException e)
        {
            throw new OciFormatException($"The configuration {config.Digest} of {repository} is not JSON: {e.Message}", e);
        }
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
