using System.Diagnostics.CodeAnalysis;

namespace Ebb.Contracts.Images;

/// <summary>
/// A set of versions, written as npm writes it (node-semver 7, "Ranges"): <c>&gt;=15 &lt;18</c>, <c>^1.2</c>,
/// <c>~1.2.3</c>, <c>1.x</c>, <c>1.2 - 1.4</c>, <c>^1 || ^3</c>. A pre-release is in the set only when a bound of the
/// same three numbers names a pre-release itself.
/// </summary>
public sealed class SemverRange
{
    private readonly IReadOnlyList<IReadOnlyList<Bound>> _alternatives;

    private SemverRange(IReadOnlyList<IReadOnlyList<Bound>> alternatives) => _alternatives = alternatives;

    /// <summary>Reads a range; on failure <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SemverRange? range, [NotNullWhen(false)] out string? problem)
    {
        range = null;
        if (text.Length > 256)
        {
            problem = "a version range has at most 256 characters";
            return false;
        }

        var read = new List<IReadOnlyList<Bound>>();
        foreach (var alternative in text.Split("||"))
        {
            if (!SemverRangeParser.TryReadAll(alternative, out var bounds, out problem))
            {
                return false;
            }

            read.Add(bounds);
        }

        range = new SemverRange(read);
        problem = null;
        return true;
    }

    /// <summary>True when the version is in the set.</summary>
    public bool Contains(SemanticVersion version) => _alternatives.Any(bounds =>
        bounds.All(bound => bound.Admits(version))
        && (version.PreRelease is null
            || bounds.Any(bound => bound.Version.PreRelease is not null && bound.Version.HasSameNumbersAs(version))));

    /// <summary>One comparison of a range.</summary>
    internal readonly record struct Bound(BoundKind Kind, SemanticVersion Version)
    {
        public bool Admits(SemanticVersion version) => Kind switch
        {
            BoundKind.AtLeast => version >= Version,
            BoundKind.Above => version > Version,
            BoundKind.AtMost => version <= Version,
            _ => version < Version,
        };
    }

    /// <summary>Which side of a version a bound admits.</summary>
    internal enum BoundKind
    {
        AtLeast,
        Above,
        AtMost,
        Below,
    }
}
