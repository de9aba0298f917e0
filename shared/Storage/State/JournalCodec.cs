using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Storage.State;

/// <summary>Turns journal entries into JSON and back. Only what JSON itself demands is escaped: no browser reads a journal.</summary>
internal static class JournalCodec
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JsonTypeInfo<JournalEntry> Entry =
        new JournalJson(new(JournalJson.Default.Options) { Encoder = Encoder }).JournalEntry;

    public static void Encode(JournalEntry entry, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, new() { Encoder = Encoder });
        JsonSerializer.Serialize(writer, entry, Entry);
    }

    /// <exception cref="JsonException">The text is no entry that this program knows.</exception>
    public static JournalEntry Decode(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Entry) ?? throw new JsonException("The entry is null.");
}
