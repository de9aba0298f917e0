namespace Ebb.Settings;

/// <summary>Makes a setting's text fit to be shown: one line, short, without the user and password of an address.</summary>
public static class SettingText
{
    private const int MaxLength = 300;

    /// <summary>The text as messages and tables show it.</summary>
    public static string Shown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf('@');
        var open = at > 0 && text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && scheme < at ? $"{text[..(scheme + 3)]}…{text[at..]}" : text;
        var line = string.Concat(open.Take(MaxLength).Select(character => char.IsControl(character) ? ' ' : character));
        return open.Length > MaxLength ? line + "…" : line;
    }
}
