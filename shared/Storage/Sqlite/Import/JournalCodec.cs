using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>Reads journal entries.</summary>
internal static class JournalCodec
{
    private static JournalJson Json => JournalJson.Default;

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
