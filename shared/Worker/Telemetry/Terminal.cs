namespace Ebb.Worker.Telemetry;

/// <summary>Whether a person looks at what is written.</summary>
internal static class Terminal
{
    /// <summary>True when standard output, or standard error, is a terminal.</summary>
    public static bool IsAt(bool standardError) => !(standardError ? Console.IsErrorRedirected : Console.IsOutputRedirected);

    /// <summary>The text without what a terminal would obey: messages hold what strangers wrote. Its lines stand below each other.</summary>
    public static string Text(string text) => string.Concat(text.ReplaceLineEndings("\n").Select(character =>
        character == '\n' ? "\n         " : char.IsControl(character) ? "?" : character.ToString()));

    /// <summary>How many characters a line of the terminal behind a writer has; null where it is none.</summary>
    public static int? WidthOf(TextWriter writer)
    {
        if (!ReferenceEquals(writer, Console.Out) || !IsAt(standardError: false))
        {
            return null;
        }

        try
        {
            // 0: a terminal that does not say.
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
