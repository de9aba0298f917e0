using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Storage;

namespace Ebb.PrPreview.State;

/// <summary>Reads documents.</summary>
internal static class StoredJson
{
    /// <exception cref="UnreadableDocumentException">It is no such document.</exception>
    public static T Read<T>(Document document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document.Value, type) ?? throw new UnreadableDocumentException(document.Key, "it holds null");
        }
        catch (JsonException e)
        {
            throw new UnreadableDocumentException(document.Key, $"line {e.LineNumber + 1}, {e.Path ?? "$"}", e);
        }
    }
}
