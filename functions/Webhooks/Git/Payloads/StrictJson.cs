using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Ebb.Http;

namespace Ebb.Webhooks.Git.Payloads;

/// <summary>
/// Refuses JSON that two readers could understand differently: invalid UTF-8, a key twice in one object, more levels than
/// <see cref="MaxDepth"/>. No host sends such a thing.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep objects and arrays may nest. The hosts' own payloads have at most 10 levels.</summary>
    public const int MaxDepth = 32;

    /// <summary>Parses an object; null with the reason when it is refused. Dispose the document.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, out string? problem)
    {
        body = ByteOrderMark.Skip(body);
        problem = Utf8.IsValid(body.Span) ? null : "the body is not UTF-8";
        try
        {
            problem ??= FindDuplicate(body.Span);
            return problem is null ? JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth }) : null;
        }
        catch (JsonException exception)
        {
            problem = $"the body is no JSON of at most {MaxDepth} levels: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
            return null;
        }
    }

    private static string? FindDuplicate(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "the body must be a JSON object";
        }

        var names = new NameSet();
        names.Enter();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Enter();
                    break;
                case JsonTokenType.EndObject:
                    names.Leave();
                    break;
                case JsonTokenType.PropertyName when !names.Add(ref reader):
                    return $"a key is there twice at byte {reader.TokenStartIndex + 1}";
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>The names of the objects that are open, one set for all of them: a name counts with its object.</summary>
    private sealed class NameSet
    {
        private readonly HashSet<(int Object, string Name)> _names = [];
        private readonly Stack<int> _open = new();
        private int _objects;

        public void Enter() => _open.Push(_objects++);

        public void Leave() => _open.Pop();

        public bool Add(ref Utf8JsonReader reader) =>
            _names.Add((_open.Peek(), reader.ValueIsEscaped ? Unescaped(ref reader) : Encoding.UTF8.GetString(reader.ValueSpan)));

        private static string Unescaped(ref Utf8JsonReader reader)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair: as it is written then, which tells it from every other name.
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }
        }
    }
}
