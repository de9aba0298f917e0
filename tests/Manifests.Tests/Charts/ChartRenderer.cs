using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.Manifests.Tests.Charts;

/// <summary>
/// Renders the few constructs of Go's templates that our chart uses, and throws on any other: <c>if</c> and <c>range $name, $value</c> with <c>end</c>,
/// <c>eq</c>, <c>ne</c>, <c>regexMatch</c>, <c>fail</c>, <c>printf</c> with <c>%v</c>, <c>quote</c>. Tests of the chart need no Helm so.
/// </summary>
internal sealed partial class ChartRenderer(JsonObject values, string ns = "ebb", int revision = 1)
{
    private readonly Dictionary<string, string> _variables = [];

    public string Render(string template)
    {
        // "{{-" takes the white space before it away.
        var parts = Actions().Split(WhiteBefore().Replace(template, "{{ "));
        var text = new StringBuilder();
        var next = 0;
        Block(parts, ref next, text, writes: true);
        return next == parts.Length ? text.ToString() : throw new FormatException("There is an end too many.");
    }

    // Texts are at even places, actions at odd ones.
    private void Block(string[] parts, ref int next, StringBuilder text, bool writes)
    {
        for (; next < parts.Length; next++)
        {
            var part = parts[next];
            if (next % 2 == 0)
            {
                part.ShouldNotContain("{{");
                text.Append(writes ? part : "");
            }
            else if (part == "end")
            {
                return;
            }
            else if (part.StartsWith("if ", StringComparison.Ordinal))
            {
                next++;
                Inner(parts, ref next, text, writes && Evaluate(part[3..]) is not ("false" or ""));
            }
            else if (part.StartsWith("range $name, $value := ", StringComparison.Ordinal))
            {
                Range(parts, ref next, text, writes, Value(part["range $name, $value := ".Length..])!.AsObject());
            }
            else if (writes)
            {
                text.Append(Evaluate(part));
            }
        }
    }

    private void Inner(string[] parts, ref int next, StringBuilder text, bool writes)
    {
        Block(parts, ref next, text, writes);
        if (next >= parts.Length)
        {
            throw new FormatException("An end is missing.");
        }
    }

    private void Range(string[] parts, ref int next, StringBuilder text, bool writes, JsonObject map)
    {
        var first = ++next;
        foreach (var (name, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            next = first;
            (_variables["$name"], _variables["$value"]) = (name, value!.GetValue<string>());
            Inner(parts, ref next, text, writes);
        }

        if (map.Count == 0)
        {
            Inner(parts, ref next, text, writes: false);
        }
    }

    private string Evaluate(string action)
    {
        if (action.EndsWith(" | quote", StringComparison.Ordinal))
        {
            return JsonSerializer.Serialize(Evaluate(action[..^" | quote".Length]));
        }

        var words = Words().Matches(action);
        string[] operands = [.. words.Skip(1).Select(word => Operand(word.Value))];
        return (words[0].Value, operands.Length) switch
        {
            ("eq", 2) => operands[0] == operands[1] ? "true" : "false",
            ("ne", 2) => operands[0] != operands[1] ? "true" : "false",
            ("regexMatch", 2) => Regex.IsMatch(operands[1], operands[0], RegexOptions.None, TimeSpan.FromSeconds(10)) ? "true" : "false",
            ("fail", 1) => throw new InvalidOperationException(operands[0]),
            ("printf", > 1) => Printf(operands),
            (var operand, 0) => Operand(operand),
            _ => throw new FormatException($"'{action}' is no construct that the chart may use."),
        };
    }

    private string Operand(string word) => word switch
    {
        ['"', ..] => JsonSerializer.Deserialize<string>(word)!,
        ['(', .. var inner, ')'] => Evaluate(inner),
        "$name" or "$value" => _variables[word],
        ".Release.Namespace" => ns,
        ".Release.Revision" => revision.ToString(CultureInfo.InvariantCulture),
        _ => Value(word) is { } value ? value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : throw new FormatException($"{word} has no value."),
    };

    private JsonNode? Value(string path) => path.StartsWith(".Values.", StringComparison.Ordinal)
        ? path[".Values.".Length..].Split('.').Aggregate<string, JsonNode?>(values, (node, key) => node?[key])
        : throw new FormatException($"{path} is no value.");

    private static string Printf(string[] operands)
    {
        var next = 1;
        var text = Verb().Replace(operands[0], verb => verb.Value == "%%" ? "%" : operands[next++]);
        return next == operands.Length ? text : throw new FormatException($"'{operands[0]}' has another number of verbs than {operands.Length - 1}.");
    }

    [GeneratedRegex("%[%v]")]
    private static partial Regex Verb();

    [GeneratedRegex(@"\s*\{\{- ")]
    private static partial Regex WhiteBefore();

    [GeneratedRegex(@"\{\{ (.*?) \}\}")]
    private static partial Regex Actions();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|\\((?:[^()\"]|\"(?:[^\"\\\\]|\\\\.)*\")*\\)|[^\\s\"()]+")]
    private static partial Regex Words();
}
