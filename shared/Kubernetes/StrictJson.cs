using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>
/// Reads JSON whole and at once: a name that comes twice, nesting without end or a string that is no text fails here and not later, where
/// somebody looks at the object.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 96;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Reads one object.</summary>
    /// <exception cref="JsonException">It is no JSON object, is nested too deep, holds a name twice or a string that is no text.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8)
    {
        RequireText(utf8);
        return JsonNode.Parse(utf8, nodeOptions: null, Strict) as JsonObject ?? throw new JsonException("This is no JSON object.");
    }

    // The document keeps strings as they came and decodes them when they are asked for.
    private static void RequireText(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("A string is no text: invalid UTF-8, or half of a pair.", exception);
        }
    }
}
