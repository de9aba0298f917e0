using System.Buffers;
using System.Text.Json;

namespace Ebb.Oci.Manifests;

/// <summary>Writes the index of the referrers fallback tag (OCI distribution-spec v1.1.1, Referrers Tag Schema).</summary>
internal static class ReferrersIndex
{
    public static Manifest Create(IReadOnlyList<Descriptor> manifests)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", MediaTypes.OciIndex);
            json.WriteStartArray("manifests");
            foreach (var manifest in manifests)
            {
                Write(json, manifest);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Manifest.Parse(buffer.WrittenMemory.ToArray(), MediaTypes.OciIndex);
    }

    private static void Write(Utf8JsonWriter json, Descriptor descriptor)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", descriptor.MediaType);
        json.WriteString("digest", descriptor.Digest.ToString());
        json.WriteNumber("size", descriptor.Size);
        if (descriptor.ArtifactType is { } type)
        {
            json.WriteString("artifactType", type);
        }

        if (descriptor.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations");
            foreach (var (name, value) in descriptor.Annotations)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
