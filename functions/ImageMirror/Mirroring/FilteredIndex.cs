using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// An index with only some platforms of another. Its children's descriptors and everything else are the original's own
/// text; added is the annotation <c>org.opencontainers.image.base.digest</c> with the original's digest (OCI image-spec
/// v1.1.1, Annotations: the digest of the image this one is based on). The same original and platforms give the same
/// bytes, so the digest stays the same from run to run.
/// </summary>
internal static class FilteredIndex
{
    /// <summary>The annotation with the digest of the index that was filtered.</summary>
    public const string OriginalDigest = "org.opencontainers.image.base.digest";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Filters an index; it comes back as it is when nothing is to be left out.</summary>
    /// <exception cref="MirrorException">A wanted platform is not in the index.</exception>
    public static Manifest Of(Manifest original, PlatformFilter filter)
    {
        RequireAll(filter, [.. original.Manifests.Select(child => child.Platform)]);
        return original.Manifests.All(child => filter.Keeps(child.Platform))
            ? original
            : Manifest.Parse(Write(original, filter), original.Descriptor.MediaType);
    }

    /// <summary>Throws unless every wanted platform is offered.</summary>
    public static void RequireAll(PlatformFilter filter, IReadOnlyCollection<Platform?> offered)
    {
        var missing = filter.MissingFrom(offered).ToList();
        if (missing.Count > 0)
        {
            throw new MirrorException(
                "platformMissing",
                $"the image is not offered for {string.Join(", ", missing)}, only for {string.Join(", ", offered.OfType<Platform>().Distinct())}",
                "Take the platform out of the entry's platforms, or mirror another image.");
        }
    }

    private static byte[] Write(Manifest original, PlatformFilter filter)
    {
        using var document = JsonDocument.Parse(original.Content);
        var buffer = new ArrayBufferWriter<byte>(original.Content.Length);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            writer.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject().Where(property => property.Name != "annotations"))
            {
                writer.WritePropertyName(property.Name);
                WriteValue(writer, property, original, filter);
            }

            WriteAnnotations(writer, original);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonProperty property, Manifest original, PlatformFilter filter)
    {
        if (property.Name != "manifests")
        {
            writer.WriteRawValue(property.Value.GetRawText());
            return;
        }

        writer.WriteStartArray();
        foreach (var (child, i) in property.Value.EnumerateArray().Select((child, i) => (child, i)))
        {
            if (filter.Keeps(original.Manifests[i].Platform))
            {
                writer.WriteRawValue(child.GetRawText());
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteAnnotations(Utf8JsonWriter writer, Manifest original)
    {
        writer.WriteStartObject("annotations");
        foreach (var (name, value) in original.Annotations.Where(annotation => annotation.Key != OriginalDigest))
        {
            writer.WriteString(name, value);
        }

        writer.WriteString(OriginalDigest, original.Descriptor.Digest.ToString());
        writer.WriteEndObject();
    }
}
