using System.Security.Cryptography;
using System.Text.Json;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>The manifest of the tag <c>sha256-….sig</c>: one layer for each signature (cosign <c>specs/SIGNATURE_SPEC.md</c>).</summary>
internal static class CosignSignatureManifest
{
    /// <summary>The layers whose signature this key made, over whatever payload. A signature is over the payload's hash, which is the layer's digest, so no payload is read for this.</summary>
    public static IEnumerable<Descriptor> SignedBy(Manifest manifest, ECDsa key) => manifest.Layers
        .Where(layer => layer.MediaType == SimpleSigning.MediaType && layer.Digest.Algorithm == "sha256")
        .Where(layer => EcdsaSignatures.Decode(layer.Annotations.GetValueOrDefault(SimpleSigning.SignatureAnnotation)) is { } signature
            && EcdsaSignatures.Verifies(key, Convert.FromHexString(layer.Digest.Hex), signature));

    /// <summary>The configuration: what cosign writes, the layers' digests in <c>rootfs.diff_ids</c>.</summary>
    public static byte[] Config(IReadOnlyList<string> layerDigests) => CanonicalJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("architecture", "");
        json.WriteString("created", "0001-01-01T00:00:00Z");
        json.WriteStartArray("history");
        foreach (var _ in layerDigests)
        {
            json.WriteStartObject();
            json.WriteString("created", "0001-01-01T00:00:00Z");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("os", "");
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        json.WriteStartArray("diff_ids");
        foreach (var digest in layerDigests)
        {
            json.WriteStringValue(digest);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("config");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The manifest with the layers kept, byte for byte, and one more.</summary>
    public static byte[] Write(Descriptor config, IReadOnlyList<JsonElement> kept, Descriptor payload, ReadOnlySpan<byte> signature)
    {
        var text = Convert.ToBase64String(signature);
        return CanonicalJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", MediaTypes.OciManifest);
            json.WriteDescriptor("config", config);
            json.WriteStartArray("layers");
            foreach (var layer in kept)
            {
                json.WriteRawValue(layer.GetRawText());
            }

            json.WriteStartObject();
            json.WriteMembers(payload);
            json.WriteStartObject("annotations");
            json.WriteString(SimpleSigning.SignatureAnnotation, text);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>The layers that are signatures, as they stand; whatever else was pushed under the tag is none and is not kept.</summary>
    public static IReadOnlyList<JsonElement> Signatures(Manifest manifest)
    {
        using var document = JsonDocument.Parse(manifest.Content);
        return document.RootElement.TryGetProperty("layers", out var layers) && layers.ValueKind == JsonValueKind.Array
            ? [.. layers.EnumerateArray().Where(IsSignature).Select(layer => layer.Clone())]
            : [];
    }

    private static bool IsSignature(JsonElement layer) =>
        layer.ValueKind == JsonValueKind.Object
        && layer.TryGetProperty("mediaType", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(SimpleSigning.MediaType)
        && layer.TryGetProperty("digest", out var digest) && digest.ValueKind == JsonValueKind.String && Digest.TryParse(digest.GetString(), out _);
}
