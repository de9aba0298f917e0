using System.Text;
using System.Text.Json;

namespace Ebb.Contracts.Images;

/// <summary>Parses the JSON of a request into nodes with locations.</summary>
internal static class JsonRequest
{
    internal const string Root = "request";

    /// <summary>The root; null after a problem was added.</summary>
    public static ListNode? Parse(string json, int maxBytes, ListProblems problems)
    {
        json = json.TrimStart('\uFEFF');
        if (Encoding.UTF8.GetByteCount(json) > maxBytes)
        {
            problems.Add(Root, $"a request has at most {maxBytes} bytes; split it");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return JsonListNode.From(document.RootElement, Root);
        }
        catch (JsonException e)
        {
            problems.IsMalformed = true;
            problems.Add(Root, $"no valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string with half a surrogate pair is JSON, but no text.
            problems.IsMalformed = true;
            problems.Add(Root, "a string in it is no valid Unicode text");
            return null;
        }
    }
}
