using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebb.Kubernetes.Configuration;

/// <summary>Turns a small YAML file into JSON, straight from the parser's events: no anchors (nothing can be expanded without end), no explicit types, one document.</summary>
internal static class YamlReading
{
    private const int MaxDepth = 32;

    /// <summary>Reads a document whose root is a mapping.</summary>
    /// <exception cref="InvalidDataException">It is no such document.</exception>
    public static JsonObject Parse(string yaml)
    {
        long line;
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                throw new InvalidDataException("it is empty");
            }

            var root = Read(parser, 0) as JsonObject ?? throw new InvalidDataException("it is no mapping of names to values");
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<StreamEnd>(out _) ? root : throw new InvalidDataException("it holds a second document");
        }
        catch (YamlException exception)
        {
            line = exception.Start.Line;
        }

        // Without the parser's exception: its words may quote a line with a token.
        throw new InvalidDataException($"it is no valid YAML at line {line}");
    }

    private static JsonNode? Read(Parser parser, int depth)
    {
        var read = parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"it is nested more than {MaxDepth} deep at line {read.Start.Line}");
        }

        if (read is AnchorAlias or NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
        {
            throw new InvalidDataException($"line {read.Start.Line} has an anchor, an alias or an explicit type; write the value out");
        }

        return read switch
        {
            MappingStart => ReadMapping(parser, depth),
            SequenceStart => ReadSequence(parser, depth),
            Scalar scalar => Value(scalar),
            _ => throw new InvalidDataException($"line {read.Start.Line} is not understood"),
        };
    }

    private static JsonObject ReadMapping(Parser parser, int depth)
    {
        var value = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (!TryAdd(value, key.Value, Read(parser, depth + 1)))
            {
                throw new InvalidDataException($"line {key.Start.Line} names a key a second time");
            }
        }

        return value;
    }

    private static bool TryAdd(JsonObject value, string name, JsonNode? member)
    {
        if (value.ContainsKey(name))
        {
            return false;
        }

        value.Add(name, member);
        return true;
    }

    private static JsonArray ReadSequence(Parser parser, int depth)
    {
        var value = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            value.Add(Read(parser, depth + 1));
        }

        return value;
    }

    // Numbers stay text: no field of a kubeconfig is one, and a token may look like one.
    private static JsonValue? Value(Scalar scalar) => scalar switch
    {
        { Style: not ScalarStyle.Plain } => JsonValue.Create(scalar.Value),
        { Value: "" or "~" or "null" } => null,
        { Value: "true" } => JsonValue.Create(true),
        { Value: "false" } => JsonValue.Create(false),
        _ => JsonValue.Create(scalar.Value),
    };
}
