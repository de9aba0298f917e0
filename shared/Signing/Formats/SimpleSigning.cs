using System.Text.Json;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>
/// The payload that cosign 2 signs (containers/image <c>docs/atomic-signature-embedded-json.json</c>, cosign
/// <c>specs/SIGNATURE_SPEC.md</c>). Its bytes are signed, so they are written here and not left to a serializer.
/// </summary>
internal static class SimpleSigning
{
    public const string MediaType = "application/vnd.dev.cosign.simplesigning.v1+json";
    public const string SignatureAnnotation = "dev.cosignproject.cosign/signature";
    public const int MaxPayloadBytes = 64 * 1024;

    private const string Type = "cosign container image signature";

    /// <summary>The exact bytes for a manifest under the name <paramref name="dockerReference"/>, <c>registry/repository</c>.</summary>
    public static byte[] Payload(string dockerReference, Digest subject)
    {
        // The grammar of names and digests holds nothing that JSON escapes.
        var text = $$"""{"critical":{"identity":{"docker-reference":"{{dockerReference}}"},"image":{"docker-manifest-digest":"{{subject}}"},"type":"{{Type}}"},"optional":null}""";
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    /// <summary>True when a payload that somebody wrote states this manifest, under whatever name and with whatever annotations.</summary>
    public static bool States(ReadOnlyMemory<byte> payload, Digest subject)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("critical", out var critical) && critical.ValueKind == JsonValueKind.Object
                && critical.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(Type)
                && critical.TryGetProperty("image", out var image) && image.ValueKind == JsonValueKind.Object
                && image.TryGetProperty("docker-manifest-digest", out var digest) && digest.ValueKind == JsonValueKind.String
                && digest.ValueEquals(subject.ToString());
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
