using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Worker.Json;

/// <summary>JSON that people read with curl: quotes and angle brackets stand as they are. It is never put into HTML.</summary>
internal static class ReadableJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> json)
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        JsonSerializer.Serialize(writer, value, json);
    }

    public static string Text<T>(T value, JsonTypeInfo<T> json)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, value, json);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string IndentedText<T>(T value, JsonTypeInfo<T> json)
    {
        // Read again, since what a function returned is kept as text and would be written as it is.
        using var document = JsonDocument.Parse(Text(value, json));
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact with { Indented = true }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
