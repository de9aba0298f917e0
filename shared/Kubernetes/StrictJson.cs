using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>
/// Reads JSON whole and at once: a name that comes twice or nesting without end fails here and not later, where somebody
/// looks at the object.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 96;

    /// <summary>Reads one object.</summary>
    /// <exception cref="JsonException">It is no JSON object, is nested too deep, or holds a name twice.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var value = Read(ref reader) as JsonObject ?? throw new JsonException("This is no JSON object.");
        return reader.Read() ? throw new JsonException("There is more after the object.") : value;
    }

    private static JsonNode? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.Create(ReadText(ref reader)),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Null => null,
        // Numbers stay as they are written.
        _ => JsonValue.Create(JsonElement.ParseValue(ref reader)),
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var value = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = ReadText(ref reader);
            reader.Read();
            if (value.ContainsKey(name))
            {
                throw new JsonException("A name comes twice in an object.");
            }

            value.Add(name, Read(ref reader));
        }

        return value;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var value = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            value.Add(Read(ref reader));
        }

        return value;
    }

    private static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("A string is not valid UTF-8.", exception);
        }
    }
}
