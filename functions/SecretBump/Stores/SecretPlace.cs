using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.SecretBump.Stores;

/// <summary>Whose secret: an application's in an environment. Both names are safe as one segment of a path.</summary>
public sealed partial record SecretPlace
{
    private SecretPlace(string application, string environment) => (Application, Environment) = (application, environment);

    public string Application { get; }

    public string Environment { get; }

    /// <summary>True for 1 to 63 letters, digits, <c>-</c>, <c>_</c> and <c>.</c> that begin and end with a letter or digit.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) => name is not null && Name().IsMatch(name);

    public static bool TryParse(string? application, string? environment, [NotNullWhen(true)] out SecretPlace? place)
    {
        place = IsName(application) && IsName(environment) ? new SecretPlace(application, environment) : null;
        return place is not null;
    }

    /// <exception cref="FormatException">A name is none.</exception>
    public static SecretPlace Parse(string application, string environment) => TryParse(application, environment, out var place)
        ? place
        : throw new FormatException("An application and an environment have 1 to 63 letters, digits, '-', '_' or '.', and begin and end with a letter or digit.");

    public override string ToString() => $"{Application}/{Environment}";

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
