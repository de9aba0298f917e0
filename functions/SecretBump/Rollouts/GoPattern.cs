using System.Text.RegularExpressions;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Regular expressions of External Secrets and Reloader, which are Go's (RE2): without backtracking, so that one from outside cannot take
/// long, and without what RE2 does not have either.
/// </summary>
internal static class GoPattern
{
    /// <summary>Whether the pattern is found in the text; null when it cannot be read.</summary>
    public static bool? Finds(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
