using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>
/// The name of a commit in small hexadecimal letters: full (40 digits, or 64 in a SHA-256 repository) or the beginning of one, from 7
/// digits (Bitbucket Cloud sends 12). A short one is resolved at the host before it is used as anything but a hint.
/// </summary>
[JsonConverter(typeof(CommitShaConverter))]
public readonly record struct CommitSha
{
    private const int MinLength = 7;
    private const int MaxLength = 64;

    private readonly string? _value;

    private CommitSha(string value) => _value = value;

    /// <summary>True for a whole name.</summary>
    public bool IsFull => Value.Length is 40 or 64;

    /// <summary>The digits.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads 7 to 64 hexadecimal digits; capital ones become small.</summary>
    public static bool TryParse(string? text, out CommitSha sha)
    {
        var valid = text is { Length: >= MinLength and <= MaxLength } && text.All(char.IsAsciiHexDigit);
        sha = valid ? new CommitSha(text!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <summary>Reads a constant.</summary>
    /// <exception cref="FormatException">It is no commit's name.</exception>
    public static CommitSha Parse(string text) =>
        TryParse(text, out var sha) ? sha : throw new FormatException("A commit's name has 7 to 64 hexadecimal digits.");

    /// <summary>Whether this is the full name of the commit that <paramref name="beginning"/> may be short for.</summary>
    public bool StartsWith(CommitSha beginning) => Value.StartsWith(beginning.Value, StringComparison.Ordinal);

    /// <summary>The digits.</summary>
    public override string ToString() => Value;
}
