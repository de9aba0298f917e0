using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Ebb.Contracts.Previews;

/// <summary>
/// The application of a preview: a DNS label that begins with a letter (RFC 1035, section 2.3.1), so that it can be part of host names,
/// namespaces and Helm releases as it is.
/// </summary>
[JsonConverter(typeof(AppNameConverter))]
public readonly partial record struct AppName
{
    /// <summary>What a name must look like, for messages.</summary>
    public const string Rule = "1 to 63 small letters, digits and '-', beginning with a letter and not ending with '-'";

    private readonly string? _value;

    private AppName(string value) => _value = value;

    /// <summary>The name.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads a name; capital letters are refused, because two names that differ only in them would be one host.</summary>
    public static bool TryParse(string? text, out AppName name)
    {
        var valid = text is not null && Valid().IsMatch(text);
        name = valid ? new AppName(text!) : default;
        return valid;
    }

    /// <summary>Reads a constant.</summary>
    /// <exception cref="FormatException">It is no name.</exception>
    public static AppName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"An application's name has {Rule}.");

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Valid();
}
