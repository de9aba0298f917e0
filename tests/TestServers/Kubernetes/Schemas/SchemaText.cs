using System.Text.RegularExpressions;

namespace Ebb.TestServers.Kubernetes.Schemas;

/// <summary>
/// Schemas of built-in types in short: <c>name:type</c>, <c>name{…}</c> a struct, <c>name[]{…}</c> an atomic list, <c>name[key]{…}</c> a list
/// with keys, <c>name[=]:s</c> a set, <c>name&lt;&gt;:type</c> a map, <c>name@Part</c> a part that is defined elsewhere; <c>!</c> after the name:
/// required, <c>~</c>: atomic. Types: s, i, b, q (quantity), is (int or string), any, or the allowed words with <c>|</c> between them.
/// </summary>
internal sealed partial class SchemaText
{
    private readonly Dictionary<string, Schema> _parts;
    private readonly Queue<string> _tokens;

    private SchemaText(string text, Dictionary<string, Schema> parts)
    {
        _parts = parts;
        _tokens = new Queue<string>(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    public static Schema Parse(string text, Dictionary<string, Schema> parts) => new SchemaText(text, parts).ReadStruct(atomic: false);

    private Schema ReadStruct(bool atomic)
    {
        var properties = new Dictionary<string, Schema>();
        var required = new HashSet<string>();
        while (_tokens.TryDequeue(out var token) && token != "}")
        {
            var field = Field().Match(token);
            if (!field.Success)
            {
                throw new FormatException($"'{token}' is no field of a schema.");
            }

            if (field.Groups["marks"].Value.Contains('!', StringComparison.Ordinal))
            {
                required.Add(field.Groups["name"].Value);
            }

            properties[field.Groups["name"].Value] = ReadField(field);
        }

        return new Schema { Type = "object", Properties = properties, Required = required, Atomic = atomic };
    }

    private Schema ReadField(Match field)
    {
        var list = field.Groups["list"];
        var atomic = field.Groups["marks"].Value.Contains('~', StringComparison.Ordinal);
        var content = ReadContent(field.Groups["type"].Value, atomic && !list.Success);
        if (field.Groups["map"].Success)
        {
            return new Schema { Type = "object", Additional = content, Atomic = atomic };
        }

        if (!list.Success)
        {
            return content;
        }

        var keys = list.Value is "" or "=" ? [] : list.Value.Split(',');
        return new Schema { Type = "array", Items = content, Keys = keys, IsSet = list.Value == "=", Atomic = list.Value == "" };
    }

    private Schema ReadContent(string type, bool atomic) => type switch
    {
        "{" => ReadStruct(atomic),
        ['@', .. var part] => _parts[part],
        ":s" => new Schema { Type = "string" },
        ":i" => new Schema { Type = "integer" },
        ":b" => new Schema { Type = "boolean" },
        ":q" => new Schema { Quantity = true },
        ":is" => new Schema { IntOrString = true },
        ":any" => Schema.Any,
        [':', .. var words] => new Schema { Type = "string", Enum = words.Split('|') },
        _ => throw new FormatException($"'{type}' is no type of a schema."),
    };

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9]+)(?<marks>[!~]*)(\[(?<list>[A-Za-z,=]*)\]|(?<map><>))?(?<type>\{|@\w+|:\S+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
