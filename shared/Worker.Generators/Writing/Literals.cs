using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Ebb.Worker.Generators.Writing;

/// <summary>Values as C# and JSON text, and lines that end the same on every system.</summary>
internal static class Literals
{
    public static StringBuilder Line(this StringBuilder source, string text = "") => source.Append(text).Append('\n');

    public static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public static string Texts(IReadOnlyCollection<string> values) =>
        values.Count == 0 ? "global::System.Array.Empty<string>()" : $"new[] {{ {string.Join(", ", values.Select(Text))} }}";

    public static string Boolean(bool value) => value ? "true" : "false";

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan value) =>
        $"new global::System.TimeSpan({value.Ticks.ToString(CultureInfo.InvariantCulture)}L /* {value} */)";

    /// <summary>A JSON string (RFC 8259, section 7).</summary>
    public static string Json(string value)
    {
        var json = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\')
            {
                json.Append('\\').Append(c);
            }
            else if (c < ' ')
            {
                json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                json.Append(c);
            }
        }

        return json.Append('"').ToString();
    }
}
