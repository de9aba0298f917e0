using System.Diagnostics.CodeAnalysis;

namespace Ebb.Storage;

/// <summary>Identifies one run: a version 7 UUID (RFC 9562), so that ids sort by creation time.</summary>
public readonly record struct RunId(Guid Value) : IComparable<RunId>
{
    /// <summary>A new id for a run created now.</summary>
    public static RunId New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new(Guid.CreateVersion7(time.GetUtcNow()));
    }

    /// <summary>Reads an id in the 36-character form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RunId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new(value);
        return parsed;
    }

    /// <summary>Reads an id in the 36-character form.</summary>
    /// <exception cref="FormatException">The text is not a UUID.</exception>
    public static RunId Parse(string text) => new(Guid.ParseExact(text, "D"));

    /// <inheritdoc/>
    public int CompareTo(RunId other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");

    /// <summary>Compares by creation time.</summary>
    public static bool operator <(RunId left, RunId right) => left.CompareTo(right) < 0;

    /// <summary>Compares by creation time.</summary>
    public static bool operator >(RunId left, RunId right) => left.CompareTo(right) > 0;

    /// <summary>Compares by creation time.</summary>
    public static bool operator <=(RunId left, RunId right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by creation time.</summary>
    public static bool operator >=(RunId left, RunId right) => left.CompareTo(right) >= 0;
}
