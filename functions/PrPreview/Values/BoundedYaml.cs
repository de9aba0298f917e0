using System.Text;
using System.Text.Json.Nodes;
using Ebb.Http;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebb.PrPreview.Values;

/// <summary>
/// Reads a values file that anybody may have written, straight from the parser's events. Takes one document with a mapping at its root;
/// refuses anchors, aliases and explicit types (so nothing can be expanded), duplicate keys, and what is over a limit.
/// </summary>
internal sealed class BoundedYaml
{
    /// <summary>The longest file.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxDepth = 32;
    private const int MaxNodes = 20_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Parser _parser;
    private readonly string _yaml;
    private int _nodes;
    private int _flow;

    private BoundedYaml(string yaml) => (_yaml, _parser) = (yaml, new Parser(new StringReader(yaml)));

    /// <summary>Reads the values; an empty file holds none.</summary>
    /// <exception cref="ValuesException">It cannot be used.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxBytes)
        {
            throw new ValuesException($"it has {file.Length} bytes; at most {MaxBytes} are read");
        }

        try
        {
            return new BoundedYaml(StrictUtf8.GetString(ByteOrderMark.Skip(file))).ReadDocument();
        }
        catch (DecoderFallbackException e)
        {
            throw new ValuesException("it is not UTF-8 text", e);
        }
        catch (YamlException e)
        {
            throw new ValuesException($"line {e.Start.Line}: no valid YAML: {e.Message}", e);
        }
    }

    private JsonObject ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return [];
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _))
        {
            throw Problem(_parser.Current!, "a second document begins here; values are one document");
        }

        return root switch
        {
            null => [],
            JsonObject mapping => mapping,
            _ => throw new ValuesException("line 1: values are a mapping (key: value), not a list or a single value"),
        };
    }

    private JsonNode? ReadNode(int depth)
    {
        var read = _parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw Problem(read, $"nested more than {MaxDepth} deep");
        }

        if (++_nodes > MaxNodes)
        {
            throw Problem(read, $"more than {MaxNodes} values");
        }

        if (read is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw Problem(read, "anchors and aliases are not supported; write the value out");
        }

        if (read is NodeEvent { Tag.IsEmpty: false })
        {
            throw Problem(read, "explicit types such as !!str are not supported; put text in quotes");
        }

        RefuseTab(read);
        return read switch
        {
            SequenceStart sequence => Within(sequence.Style is SequenceStyle.Flow, () => ReadSequence(depth)),
            MappingStart mapping => Within(mapping.Style is MappingStyle.Flow, () => ReadMapping(depth)),
            Scalar { Style: ScalarStyle.Plain } plain => PlainScalar.Resolve(plain.Value),
            Scalar quoted => JsonValue.Create(quoted.Value),
            _ => throw Problem(read, "no valid YAML"),
        };
    }

    private JsonArray ReadSequence(int depth)
    {
        var items = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return items;
    }

    private JsonObject ReadMapping(int depth)
    {
        var mapping = new JsonObject();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (at is not Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true } key || key.Value == "<<")
            {
                throw Problem(at, "a key must be a single word without anchor, alias or type");
            }

            RefuseTab(at);
            _parser.MoveNext();
            if (!mapping.TryAdd(key.Value, ReadNode(depth + 1)))
            {
                throw Problem(at, "this key is there twice");
            }
        }

        return mapping;
    }

    private T Within<T>(bool flow, Func<T> read)
    {
        _flow += flow ? 1 : 0;
        var node = read();
        _flow -= flow ? 1 : 0;
        return node;
    }

    // The parser takes a tab before a key at the root; YAML forbids tabs in indentation (YAML 1.2.2, section 6.1), and Helm's reader refuses them.
    // Between brackets a line's beginning is no indentation.
    private void RefuseTab(ParsingEvent at)
    {
        var begin = (int)Math.Min(at.Start.Index, _yaml.Length);
        while (begin > 0 && !IsBreak(_yaml[begin - 1]))
        {
            begin--;
        }

        var indentation = _yaml.AsSpan(begin);
        if (_flow == 0 && indentation[..(indentation.Length - indentation.TrimStart(" \t").Length)].Contains('\t'))
        {
            throw Problem(at, "a tab is in the indentation, where YAML takes spaces only");
        }
    }

    private static bool IsBreak(char character) => character is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static ValuesException Problem(ParsingEvent at, string problem) => new($"line {at.Start.Line}: {problem}");
}
