using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ebb.Contracts.Images;

/// <summary>
/// A version read from a tag: <c>1.2.3</c>, <c>v1.2</c>, <c>17</c>, <c>1.0.0-rc.1</c>. Ordered as Semantic Versioning
/// 2.0.0 section 11 says; missing numbers are zero, leading zeros are allowed (<c>24.04</c>). Whatever follows the first
/// hyphen is a pre-release, so a variant such as <c>16.4-bookworm</c> is one too.
/// </summary>
public readonly record struct SemanticVersion : IComparable<SemanticVersion>
{
    /// <summary>Creates a version.</summary>
    public SemanticVersion(long major, long minor, long patch, string? preRelease = null)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        PreRelease = preRelease;
    }

    /// <summary>The first number.</summary>
    public long Major { get; }

    /// <summary>The second number.</summary>
    public long Minor { get; }

    /// <summary>The third number.</summary>
    public long Patch { get; }

    /// <summary>What follows the hyphen; null for a release.</summary>
    public string? PreRelease { get; }

    /// <summary>Reads a tag; false when it is no version.</summary>
    public static bool TryParse([NotNullWhen(true)] string? tag, out SemanticVersion version)
    {
        version = default;
        if (string.IsNullOrEmpty(tag))
        {
            return false;
        }

        var text = tag[0] is 'v' or 'V' ? tag.AsSpan(1) : tag;
        var plus = text.IndexOf('+');
        text = plus < 0 ? text : text[..plus];
        var hyphen = text.IndexOf('-');
        var preRelease = hyphen < 0 ? null : text[(hyphen + 1)..].ToString();
        if (preRelease is "" || !TryReadNumbers(hyphen < 0 ? text : text[..hyphen], out var numbers))
        {
            return false;
        }

        version = new SemanticVersion(numbers.Major, numbers.Minor, numbers.Patch, preRelease);
        return true;
    }

    /// <summary>True when the three numbers are the same.</summary>
    public bool HasSameNumbersAs(SemanticVersion other) =>
        Major == other.Major && Minor == other.Minor && Patch == other.Patch;

    /// <inheritdoc/>
    public int CompareTo(SemanticVersion other)
    {
        var numbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return numbers != 0 ? numbers : ComparePreReleases(PreRelease, other.PreRelease);
    }

    /// <summary>Compares by precedence.</summary>
    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    /// <summary>Compares by precedence.</summary>
    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    /// <summary>Compares by precedence.</summary>
    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by precedence.</summary>
    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.{Patch}{(PreRelease is null ? "" : "-" + PreRelease)}";

    /// <summary>Reads one number of a version: 1 to 18 digits.</summary>
    internal static bool TryReadNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return text.Length <= 18 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryReadNumbers(ReadOnlySpan<char> text, out (long Major, long Minor, long Patch) numbers)
    {
        Span<long> read = stackalloc long[3];
        numbers = default;
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            if (count == 3 || !TryReadNumber(text[part], out read[count]))
            {
                return false;
            }

            count++;
        }

        numbers = (read[0], read[1], read[2]);
        return true;
    }

    private static int ComparePreReleases(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return (left is null).CompareTo(right is null);
        }

        var (lefts, rights) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Min(lefts.Length, rights.Length); i++)
        {
            var result = CompareIdentifiers(lefts[i], rights[i]);
            if (result != 0)
            {
                return result;
            }
        }

        return lefts.Length.CompareTo(rights.Length);
    }

    // Semantic Versioning 2.0.0 section 11.4: numbers by value, below words; words in ASCII order.
    private static int CompareIdentifiers(string left, string right) =>
        (TryReadNumber(left, out var leftNumber), TryReadNumber(right, out var rightNumber)) switch
        {
            (true, true) => leftNumber.CompareTo(rightNumber),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };
}
