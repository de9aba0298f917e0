using System.Text.RegularExpressions;

namespace Ebb.Contracts.Images;

/// <summary>Platforms as lists name them: <c>os/architecture[/variant]</c>.</summary>
public static partial class PlatformName
{
    /// <summary>True when the text has that form.</summary>
    public static bool IsValid(string text) => Valid().IsMatch(text);

    [GeneratedRegex("\\A[a-z0-9]{1,32}/[a-z0-9_]{1,32}(?:/[a-z0-9._]{1,32})?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
