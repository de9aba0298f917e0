using Ebb.Contracts.Images;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebb.ImageMirror.Lists;

/// <summary>
/// Turns YAML into list nodes that know their lines, straight from the parser's events. Takes the part of YAML 1.2 that a
/// list needs: no anchors and aliases (so nothing can be expanded without end), no explicit types, one document.
/// </summary>
internal sealed class YamlListNode
{
    private const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly string _file;

    private YamlListNode(string yaml, string file)
    {
        _parser = new Parser(new StringReader(yaml));
        _file = file;
    }

    /// <summary>Reads the one document; null, with the problem, when it is not YAML of that kind or is empty.</summary>
    public static ListNode? Read(string yaml, string _file, ListProblems problems)
    {
        try
        {
            return new YamlListNode(yaml, _file).ReadDocument();
        }
        catch (ListFormatException e)
        {
            problems.Add(e.Location, e.Message);
        }
        catch (YamlException e)
        {
            problems.Add($"{_file}:{e.Start.Line}", $"no valid YAML: {e.Message}");
        }

        return null;
    }

    private ListNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            throw new ListFormatException(_file, "the file is empty; it must hold the keys target and images");
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _))
        {
            throw Problem(_parser.Current!, "a second document begins here; a list is one document");
        }

        return root;
    }

    private ListNode ReadNode(int depth)
    {
        var read = _parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw Problem(read, $"nested more than {MaxDepth} deep");
        }

        if (read is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw Problem(read, "anchors and aliases are not supported; write the value out");
        }

        if (read is NodeEvent { Tag.IsEmpty: false })
        {
            throw Problem(read, "explicit types such as !!str are not supported; put text in quotes");
        }

        return read switch
        {
            SequenceStart => ReadSequence(read, depth),
            MappingStart => ReadMapping(read, depth),
            Scalar scalar => ToNode(scalar),
            _ => throw Problem(read, "no valid YAML"),
        };
    }

    private ListSequence ReadSequence(ParsingEvent start, int depth)
    {
        var items = new List<ListNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new ListSequence(Location(start), items);
    }

    private ListMapping ReadMapping(ParsingEvent start, int depth)
    {
        var entries = new List<ListEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            if (key is not ListScalar { Text: { } name })
            {
                throw new ListFormatException(key.Location, "a key must be a single word");
            }

            entries.Add(new ListEntry(key.Location, name, ReadNode(depth + 1)));
        }

        return new ListMapping(Location(start), entries);
    }

    // YAML 1.2.2 section 10.3.2 resolves plain scalars; text that needs no type, such as the tag 3.20, stays as written.
    private ListScalar ToNode(Scalar scalar)
    {
        var plain = scalar.Style == ScalarStyle.Plain;
        return plain && scalar.Value is ("" or "~" or "null" or "Null" or "NULL")
            ? new ListScalar(Location(scalar), null, IsText: false, IsLiteral: false)
            : new ListScalar(Location(scalar), scalar.Value, IsText: true, IsLiteral: plain);
    }

    private ListFormatException Problem(ParsingEvent at, string problem) => new(Location(at), problem);

    private string Location(ParsingEvent at) => $"{_file}:{at.Start.Line}";

    private sealed class ListFormatException(string location, string message) : Exception(message)
    {
        public string Location { get; } = location;
    }
}
