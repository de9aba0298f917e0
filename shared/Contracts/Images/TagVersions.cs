using System.Diagnostics.CodeAnalysis;
using Semver;

namespace Ebb.Contracts.Images;

/// <summary>Versions that tags name, and sets of them as npm writes them, both read by the library Semver.</summary>
public static class TagVersions
{
    private const int MaxRangeLength = 256;

    // What is longer numbers a build, not a version.
    private const int MaxDigits = 18;

    /// <summary>
    /// Reads what the registry may hold as a tag: <c>1.2.3</c>, <c>v1.2</c>, <c>17</c>, <c>24.04</c>, <c>1.0.0-rc.1</c>; missing numbers are zero. Whatever follows the
    /// first hyphen is a pre-release, so a variant such as <c>16.4-bookworm</c> is one too.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? tag, [NotNullWhen(true)] out SemVersion? version) =>
        SemVersion.TryParse(tag, SemVersionStyles.Any, out version) && !HasTooLongNumber(tag!.Split('-')[0]);

    /// <summary>
    /// Reads a range (node-semver 7, "Ranges"): <c>&gt;=15 &lt;18</c>, <c>^1.2</c>, <c>~1.2.3</c>, <c>1.x</c>, <c>1.2 - 1.4</c>,
    /// <c>^1 || ^3</c>. A pre-release is in the set only when a bound of the same three numbers names a pre-release itself. On failure
    /// <paramref name="problem"/> says what is wrong with it.
    /// </summary>
    public static bool TryParseRange(string text, [NotNullWhen(true)] out SemVersionRange? range, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        range = null;
        problem = text switch
        {
            { Length: > MaxRangeLength } => $"a version range has at most {MaxRangeLength} characters",
            // npm takes nothing for everything.
            _ when text.Split("||").Any(string.IsNullOrWhiteSpace) => "it is empty; write * for every version",
            _ when HasTooLongNumber(text) => $"a number has at most {MaxDigits} digits",
            _ when !SemVersionRange.TryParseNpm(Plain(text), out range, MaxRangeLength) =>
                $"'{Wrong(text)}' is no comparison such as >=15, <18, ^1.2, ~1.2.3, 1.x or 1.2 - 1.4",
            _ => null,
        };
        return range is not null;
    }

    private static string Wrong(string text) =>
        Array.Find(text.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries), word => word.Any(char.IsLetterOrDigit) && !SemVersionRange.TryParseNpm(Plain(word), out _)) ?? text;

    private static bool HasTooLongNumber(string text) =>
        text.Split([' ', '|', '.', '-', '<', '>', '=', '^', '~', 'v', 'V']).Any(part => part.Length > MaxDigits && part.All(char.IsAsciiDigit));

    // npm refuses the zeros before a number, of which tags such as 24.04 are full.
    private static string Plain(string text) => string.Join("||", text.Split("||").Select(range => string.Join(' ', range.Split(' ').Select(PlainWord))));

    private static string PlainWord(string word)
    {
        var start = word.AsSpan().IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            return word;
        }

        var hyphen = word.IndexOf('-', start);
        var end = hyphen < 0 ? word.Length : hyphen;
        var numbers = word[start..end].Split('.').Select(part => part.Length > 1 && part.All(char.IsAsciiDigit) ? part[..^1].TrimStart('0') + part[^1] : part);
        return word[..start] + string.Join('.', numbers) + word[end..];
    }
}
