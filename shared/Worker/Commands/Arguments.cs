namespace Ebb.Worker.Commands;

/// <summary>
/// The command line, with the settings taken out of it. A setting is <c>--Key=Value</c> with a capital or a colon in its
/// key (<c>--Storage=…</c>, <c>--ImageMirror:Target=…</c>), or <c>--urls</c>; the commands' own options are in small letters.
/// </summary>
internal sealed record Arguments(IReadOnlyList<string> Settings, IReadOnlyList<string> Rest)
{
    /// <summary>True for <c>start</c> or nothing, with settings at most.</summary>
    public bool IsPlainStart => Rest is [] or ["start"];

    public static Arguments Split(IReadOnlyList<string> args)
    {
        var settings = new List<string>();
        var rest = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--urls" && i + 1 < args.Count)
            {
                settings.Add($"--urls={args[++i]}");
            }
            else if (IsSetting(args[i]))
            {
                settings.Add(args[i]);
            }
            else
            {
                rest.Add(args[i]);
            }
        }

        return new Arguments(settings, rest);
    }

    private static bool IsSetting(string arg)
    {
        var end = arg.IndexOf('=');
        return end > 2 && arg.StartsWith("--", StringComparison.Ordinal) && arg.AsSpan(2, end - 2) is var key
            && (key is "urls" || char.IsAsciiLetterUpper(key[0]) || key.Contains(':') || key.Contains("__", StringComparison.Ordinal));
    }
}
