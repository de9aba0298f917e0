using System.Text.RegularExpressions;

namespace Ebb.Contracts.Secrets;

/// <summary>
/// Names of applications and environments. They become segments of a path in the store and parts of Kubernetes names, so they hold
/// nothing that any of these could take for something else.
/// </summary>
public static partial class PlaceName
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Rule = "1 to 63 letters, digits and . _ -, beginning and ending with a letter or digit";

    /// <summary>True when the text is a name.</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Valid().IsMatch(text);
    }

    [GeneratedRegex("\\A[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
