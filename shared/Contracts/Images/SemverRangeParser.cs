using System.Diagnostics.CodeAnalysis;
using Bound = Ebb.Contracts.Images.SemverRange.Bound;
using Kind = Ebb.Contracts.Images.SemverRange.BoundKind;

namespace Ebb.Contracts.Images;

/// <summary>Reads the alternatives of a range into bounds, expanding what npm calls carets, tildes, hyphens and x-ranges.</summary>
internal static class SemverRangeParser
{
    private static readonly string[] Operators = [">=", "<=", ">", "<", "=", "^", "~"];

    public static bool TryReadAll(string text, out IReadOnlyList<Bound> bounds, [NotNullWhen(false)] out string? problem)
    {
        var read = new List<Bound>();
        bounds = read;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            problem = "it is empty; write * for every version";
            return false;
        }

        if (words is [var low, "-", var high])
        {
            return TryRead(">=", low, read, out problem) && TryRead("<=", high, read, out problem);
        }

        for (var i = 0; i < words.Length; i++)
        {
            var sign = Array.Find(Operators, words[i].StartsWith) ?? "";
            // npm allows a space after the operator.
            var version = words[i].Length == sign.Length && i + 1 < words.Length ? words[++i] : words[i][sign.Length..];
            if (!TryRead(sign, version, read, out problem))
            {
                return false;
            }
        }

        problem = null;
        return true;
    }

    private static bool TryRead(string sign, string text, List<Bound> bounds, [NotNullWhen(false)] out string? problem)
    {
        if (!PartialVersion.TryParse(text, out var partial))
        {
            problem = $"'{sign}{text}' is no comparison such as >=15, <18, ^1.2, ~1.2.3, 1.x or 1.2 - 1.4";
            return false;
        }

        bounds.AddRange(sign switch
        {
            ">=" => [new(Kind.AtLeast, partial.Lowest)],
            "<" => [new(Kind.Below, partial.Lowest)],
            ">" => [partial.IsComplete ? new(Kind.Above, partial.Lowest) : new(Kind.AtLeast, partial.AfterLast)],
            "<=" => [partial.IsComplete ? new(Kind.AtMost, partial.Lowest) : new(Kind.Below, partial.AfterLast)],
            "^" => Between(partial, partial.AfterCaret),
            "~" => Between(partial, partial.AfterTilde),
            _ when partial.IsComplete => [new(Kind.AtLeast, partial.Lowest), new(Kind.AtMost, partial.Lowest)],
            _ => Between(partial, partial.AfterLast),
        });
        problem = null;
        return true;
    }

    private static Bound[] Between(PartialVersion partial, SemanticVersion end) =>
        partial.Major is null
            ? [new(Kind.AtLeast, partial.Lowest)]
            : [new(Kind.AtLeast, partial.Lowest), new(Kind.Below, end)];
}
