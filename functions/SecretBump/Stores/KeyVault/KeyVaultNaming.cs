using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>
/// The secret's name in Key Vault, with <c>{application}</c> and <c>{environment}</c>: <c>{application}--{environment}</c>. Key Vault takes letters, digits and
/// <c>-</c>, at most 127, and does not tell upper from lower case.
/// </summary>
public sealed partial record KeyVaultNaming
{
    public const string Default = "{application}--{environment}";
    private const int MaxLength = 127;
    private readonly string _pattern;
    private readonly Regex _reverse;

    private KeyVaultNaming(string pattern)
    {
        _pattern = pattern;
        _reverse = new Regex(
            $@"\A{Regex.Escape(pattern).Replace(@"\{application}", "(?<application>[0-9A-Za-z-]+?)", StringComparison.Ordinal).Replace(@"\{environment}", "(?<environment>[0-9A-Za-z-]+?)", StringComparison.Ordinal)}\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1));
    }

    public static KeyVaultNaming Standard { get; } = new(Default);

    /// <summary>True for one <c>{application}</c>, after it one <c>{environment}</c> with at least <c>--</c> between them, and else what Key Vault takes.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyVaultNaming? naming)
    {
        naming = text is not null && Pattern().IsMatch(text) ? new KeyVaultNaming(text) : null;
        return naming is not null;
    }

    /// <exception cref="SecretStoreException">Key Vault cannot hold a secret of that name.</exception>
    public string NameOf(SecretPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var name = _pattern.Replace("{application}", place.Application, StringComparison.Ordinal).Replace("{environment}", place.Environment, StringComparison.Ordinal);
        return name.Length <= MaxLength && TryPlace(name, out var same) && same == place
            ? name
            : throw new SecretStoreException(
                $"{place} has no name in Key Vault: an application and an environment there have letters, digits and single '-' only, and '{_pattern}' at most {MaxLength} characters.",
                SecretStoreFault.Other);
    }

    /// <summary>Whose secret a name is.</summary>
    public bool TryPlace(string name, [NotNullWhen(true)] out SecretPlace? place)
    {
        place = null;
        return _reverse.Match(name) is { Success: true } match
            && match.Groups["application"].Value is var application && !application.Contains("--", StringComparison.Ordinal)
            && match.Groups["environment"].Value is var environment && !environment.Contains("--", StringComparison.Ordinal)
            && SecretPlace.TryParse(application, environment, out place);
    }

    public override string ToString() => _pattern;

    [GeneratedRegex(@"\A[0-9A-Za-z-]*\{application\}-[0-9A-Za-z-]*-\{environment\}[0-9A-Za-z-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
