using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>Writes JSON whose exact bytes count: no white space, members in the order written, <c>+</c> not escaped.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteMembers(this Utf8JsonWriter writer, Descriptor descriptor)
    {
        writer.WriteString("mediaType", descriptor.MediaType);
        writer.WriteNumber("size", descriptor.Size);
        writer.WriteString("digest", descriptor.Digest.ToString());
    }

    public static void WriteDescriptor(this Utf8JsonWriter writer, string name, Descriptor descriptor)
    {
        writer.WriteStartObject(name);
        writer.WriteMembers(descriptor);
        writer.WriteEndObject();
    }
}
