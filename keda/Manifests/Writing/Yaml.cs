using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.Manifests.Writing;

/// <summary>
/// Writes JSON as YAML that people read: block style, order as given, no anchors, entries without a value left out. A text is
/// quoted unless it cannot be read as anything but a text.
/// </summary>
internal static partial class Yaml
{
    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        WriteMapping(text, document, 0, inline: false);
        return text.ToString();
    }

    private static void WriteMapping(StringBuilder text, JsonObject mapping, int indent, bool inline)
    {
        foreach (var (key, value) in mapping.Where(entry => entry.Value is not null))
        {
            text.Append(inline ? "" : new string(' ', indent)).Append(Scalar(key)).Append(':');
            WriteValue(text, value!, indent);
            inline = false;
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode value, int indent)
    {
        switch (value)
        {
            case JsonObject mapping when IsEmpty(mapping):
                text.Append(" {}\n");
                break;
            case JsonArray { Count: 0 }:
                text.Append(" []\n");
                break;
            case JsonObject mapping:
                text.Append('\n');
                WriteMapping(text, mapping, indent + 2, inline: false);
                break;
            case JsonArray sequence:
                text.Append('\n');
                WriteSequence(text, sequence, indent + 2);
                break;
            default:
                text.Append(' ').Append(Scalar(value.AsValue())).Append('\n');
                break;
        }
    }

    private static void WriteSequence(StringBuilder text, JsonArray sequence, int indent)
    {
        foreach (var item in sequence)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject mapping && !IsEmpty(mapping))
            {
                text.Append(' ');
                WriteMapping(text, mapping, indent + 2, inline: true);
            }
            else
            {
                WriteValue(text, item!, indent);
            }
        }
    }

    private static bool IsEmpty(JsonObject mapping) => mapping.All(entry => entry.Value is null);

    private static string Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.ToJsonString(),
        _ => Scalar(value.GetValue<string>()),
    };

    private static string Scalar(string text)
    {
        if (ChartValue.IsIn(text))
        {
            return ChartValue.Action(text);
        }

        if (Plain().IsMatch(text) && !Reserved().IsMatch(text))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z/$][A-Za-z0-9_./$@-]*(:[A-Za-z0-9_./$@-]+|=[A-Za-z0-9_./$@-]+)*\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    // What YAML 1.1 and 1.2 read as something else: https://yaml.org/type/bool.html.
    [GeneratedRegex(@"\A(y|yes|n|no|true|false|on|off|null)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Reserved();
}
