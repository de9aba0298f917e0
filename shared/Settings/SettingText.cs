using System.Text.RegularExpressions;

namespace Ebb.Settings;

/// <summary>Makes a setting's text fit to be shown: one line, short, without the user and password of an address, wherever in it they stand.</summary>
public static partial class SettingText
{
    private const int MaxLength = 300;

    /// <summary>The text as messages and tables show it.</summary>
    public static string Shown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf('@');
        var open = at > 0 && text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && scheme < at ? $"{text[..(scheme + 3)]}…{text[at..]}" : text;
        open = NamedSecret().Replace(open, "${name}=…");
        var line = string.Concat(open.Take(MaxLength).Select(character => char.IsControl(character) ? ' ' : character));
        return open.Length > MaxLength ? line + "…" : line;
    }

    // As in ?password=… of a URL and ;Password=… of a connection string.
    [GeneratedRegex(@"(?<name>\w*(?:password|passwd|pwd|secret|token)\w*)\s*=\s*[^&;\s]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamedSecret();
}
