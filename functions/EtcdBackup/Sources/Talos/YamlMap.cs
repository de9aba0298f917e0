using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebb.EtcdBackup.Sources.Talos;

/// <summary>A mapping of a small YAML file: its values are texts, lists of texts, and mappings. Without anchors and types.</summary>
internal sealed class YamlMap
{
    private const int MaxDepth = 8;

    private readonly Dictionary<string, object?> _values = [];

    private YamlMap()
    {
    }

    public IEnumerable<KeyValuePair<string, object?>> Entries => _values;

    /// <summary>Reads a document; null when it is no mapping.</summary>
    /// <exception cref="YamlException">It is no YAML, or none of this kind.</exception>
    public static YamlMap? Read(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        return ReadNode(parser, 0) as YamlMap;
    }

    public string? Text(string key) => _values.GetValueOrDefault(key) as string;

    public YamlMap? Map(string key) => _values.GetValueOrDefault(key) as YamlMap;

    public IReadOnlyList<string> List(string key) => _values.GetValueOrDefault(key) as List<string> ?? [];

    private static object? ReadNode(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlException("nested too deep");
        }

        return parser.Consume<ParsingEvent>() switch
        {
            Scalar scalar => scalar.Value,
            MappingStart => ReadMap(parser, depth),
            SequenceStart => ReadList(parser, depth),
            var other => throw new YamlException(other.Start, other.End, "not supported here"),
        };
    }

    private static YamlMap ReadMap(Parser parser, int depth)
    {
        var map = new YamlMap();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            map._values[key] = ReadNode(parser, depth + 1);
        }

        return map;
    }

    private static List<string> ReadList(Parser parser, int depth)
    {
        var items = new List<string>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(parser, depth + 1) is string item)
            {
                items.Add(item);
            }
        }

        return items;
    }
}
