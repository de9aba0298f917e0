using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>A commit's name as a JSON string.</summary>
public sealed class CommitShaConverter : JsonConverter<CommitSha>
{
    /// <inheritdoc/>
    public override CommitSha Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && CommitSha.TryParse(reader.GetString(), out var sha)
            ? sha
            : throw new JsonException("A commit's name has 7 to 64 hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CommitSha value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
