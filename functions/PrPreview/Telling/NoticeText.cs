using System.Globalization;
using System.Text;

namespace Ebb.PrPreview.Telling;

/// <summary>
/// Notices as Markdown. What others wrote stands in code spans of one line, where no host renders or mentions anything.
/// </summary>
internal static class NoticeText
{
    private const int MaxCause = 600;
    private const int MaxKey = 80;
    private const int KeysShown = 20;

    public static string Of(Notice notice)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"**Preview: {notice.State}**\n");
        if (notice.Url is { } url)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n- URL: {url.GetLeftPart(UriPartial.Authority)}");
        }

        if (notice.Commit is { } commit)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n- Commit: `{commit}`");
        }

        if (notice.Cause is { Length: > 0 } cause)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n- Cause: {Code(cause, MaxCause)}");
        }

        if (notice.LeftOut.Count > 0)
        {
            var more = notice.LeftOut.Count > KeysShown ? $" and {notice.LeftOut.Count - KeysShown} more" : "";
            text.Append(CultureInfo.InvariantCulture,
                $"\n- Values that a branch does not set for a preview: {string.Join(", ", notice.LeftOut.Take(KeysShown).Select(key => Code(key, MaxKey)))}{more}");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>One line of text that is shown as it is (CommonMark 0.31, Code spans).</summary>
    internal static string Code(string text, int most)
    {
        var line = new string([.. text.Take(most).Select(Shown)]).Trim();
        return $"`{(line.Length == 0 ? " " : line)}{(text.Length > most ? "…" : "")}`";
    }

    // Marks that turn the direction of text could make a cause read as something else.
    private static char Shown(char character) =>
        char.IsControl(character) || char.IsSurrogate(character) || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? ' '
            : character == '`' ? '\'' : character;
}
