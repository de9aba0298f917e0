using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.Contracts.Images;

/// <summary>
/// A regular expression for whole tags. It is matched in time linear to the tag, so no expression can stall the mirror;
/// back references and look-arounds are refused for that.
/// </summary>
public sealed class TagPattern
{
    private const int MaxLength = 512;

    private readonly Regex _regex;

    private TagPattern(Regex regex) => _regex = regex;

    /// <summary>Reads an expression; on failure <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TagPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        if (text.Length > MaxLength)
        {
            problem = $"a regular expression has at most {MaxLength} characters";
            return false;
        }

        try
        {
            // Read alone first: what is wrong is told in its own terms, and no bracket of it can close the anchors'.
            _ = Linear(text);
            pattern = new TagPattern(Linear($"\\A(?:{text})\\z"));
            problem = null;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            problem = e is NotSupportedException
                ? "back references, look-arounds, atomic groups and very large repetitions are not supported"
                : e.Message;
            return false;
        }
    }

    /// <summary>True when the whole tag matches.</summary>
    public bool Matches(string tag) => _regex.IsMatch(tag);

    private static Regex Linear(string text) =>
        new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
