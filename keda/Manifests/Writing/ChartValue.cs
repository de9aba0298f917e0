using System.Text.RegularExpressions;

namespace Ebb.Manifests.Writing;

/// <summary>
/// A place in a document that Helm fills in. It travels through planning as a text between two characters of the private use area, so that the
/// documents are composed once, and <see cref="Yaml"/> writes it as an action.
/// </summary>
internal static partial class ChartValue
{
    /// <summary>The place of a value, such as <c>image.tag</c>.</summary>
    public static string Of(string path) => Raw(".Values." + path);

    /// <summary>The place of what Helm knows, such as <c>.Release.Revision</c>.</summary>
    public static string Raw(string operand) => $"\uE000{operand}\uE001";

    public static bool IsIn(string text) => text.Contains('\uE000', StringComparison.Ordinal);

    /// <summary>The action that writes the text: always quoted, whatever the value is.</summary>
    public static string Action(string text)
    {
        var operands = Place().Matches(text).Select(place => place.Groups["operand"].Value).ToList();
        if (operands.Count == 1 && text.Length == operands[0].Length + 2)
        {
            return $"{{{{ {operands[0]} | quote }}}}";
        }

        var format = Place().Replace(text.Replace("%", "%%", StringComparison.Ordinal), "%v")
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"{{{{ printf \"{format}\" {string.Join(' ', operands)} | quote }}}}";
    }

    [GeneratedRegex("\uE000(?<operand>[^\uE001]+)\uE001", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
