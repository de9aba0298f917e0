using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Storage.State;

/// <summary>
/// Turns journal entries into JSON and back. Only what JSON itself demands is escaped: no browser reads a journal. Each
/// operation's metadata is built when it first occurs; one polymorphic type would build all of them at the first start.
/// </summary>
internal static class JournalCodec
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JournalJson Json = new(new(JournalJson.Default.Options) { Encoder = Encoder });

    public static void Encode(JournalEntry entry, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, new() { Encoder = Encoder });
        JsonSerializer.Serialize(writer, entry, TypeOf(entry.Op));
    }

    /// <exception cref="JsonException">The text is no entry that this program knows.</exception>
    public static JournalEntry Decode(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TypeOf(ReadOp(json))) as JournalEntry ?? throw new JsonException("The entry is null.");

    private static string? ReadOp(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType is JsonTokenType.StartObject
            && reader.Read() && reader.ValueTextEquals("op"u8)
            && reader.Read() && reader.TokenType is JsonTokenType.String
                ? reader.GetString()
                : null;
    }

    private static JsonTypeInfo TypeOf(string? op) => op switch
    {
        "enqueued" => Json.Enqueued,
        "leased" => Json.Leased,
        "renewed" => Json.Renewed,
        "lapsed" => Json.Lapsed,
        "settled" => Json.Settled,
        "redriven" => Json.Redriven,
        "purged" => Json.Purged,
        "scheduleSet" => Json.ScheduleSet,
        "scheduleClaimed" => Json.ScheduleClaimed,
        "documentPut" => Json.DocumentPut,
        "documentDeleted" => Json.DocumentDeleted,
        "runRecorded" => Json.RunRecorded,
        "progress" => Json.ProgressReported,
        "runsDropped" => Json.RunsDropped,
        "closed" => Json.Closed,
        "counters" => Json.Counters,
        "runRestored" => Json.RunRestored,
        _ => throw new JsonException($"The operation \"{op}\" is unknown."),
    };
}
