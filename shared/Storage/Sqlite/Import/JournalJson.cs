using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>Journal entries as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(RunIdJsonConverter)])]
[JsonSerializable(typeof(Enqueued))]
[JsonSerializable(typeof(Leased))]
[JsonSerializable(typeof(Renewed))]
[JsonSerializable(typeof(Lapsed))]
[JsonSerializable(typeof(Settled))]
[JsonSerializable(typeof(Redriven))]
[JsonSerializable(typeof(Purged))]
[JsonSerializable(typeof(ScheduleSet))]
[JsonSerializable(typeof(ScheduleClaimed))]
[JsonSerializable(typeof(DocumentPut))]
[JsonSerializable(typeof(DocumentDeleted))]
[JsonSerializable(typeof(RunRecorded))]
[JsonSerializable(typeof(ProgressReported))]
[JsonSerializable(typeof(RunsDropped))]
[JsonSerializable(typeof(Closed))]
[JsonSerializable(typeof(Counters))]
[JsonSerializable(typeof(RunRestored))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>A run id as its text.</summary>
internal sealed class RunIdJsonConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
