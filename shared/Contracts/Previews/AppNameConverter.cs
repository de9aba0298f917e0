using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebb.Contracts.Previews;

/// <summary>An application's name as a JSON string.</summary>
public sealed class AppNameConverter : JsonConverter<AppName>
{
    /// <inheritdoc/>
    public override AppName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && AppName.TryParse(reader.GetString(), out var name)
            ? name
            : throw new JsonException($"An application's name has {AppName.Rule}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, AppName value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
