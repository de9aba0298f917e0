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
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    public static void Write<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> json) => Write(output, value, json, Compact);

    public static string Text<T>(T value, JsonTypeInfo<T> json) => Text(value, json, Compact);

    public static string IndentedText<T>(T value, JsonTypeInfo<T> json) => Text(value, json, Indented);

    private static string Text<T>(T value, JsonTypeInfo<T> json, JsonWriterOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, value, json, options);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> json, JsonWriterOptions options)
    {
        using var writer = new Utf8JsonWriter(output, options);
        JsonSerializer.Serialize(writer, value, json);
    }
}
