namespace Ebb.Contracts.Images;

/// <summary>Orders tags so that the newest comes last: runs of digits count as numbers, the rest by its characters.</summary>
public sealed class TagOrder : IComparer<string>
{
    private TagOrder()
    {
    }

    /// <summary>The one order there is.</summary>
    public static TagOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x;
        ReadOnlySpan<char> right = y;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var leftRun = Run(left);
            var rightRun = Run(right);
            var result = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                ? CompareNumbers(leftRun, rightRun)
                : leftRun.SequenceCompareTo(rightRun);
            if (result != 0)
            {
                return result;
            }

            left = left[leftRun.Length..];
            right = right[rightRun.Length..];
        }

        var length = left.Length.CompareTo(right.Length);
        return length != 0 ? length : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> Run(ReadOnlySpan<char> text)
    {
        var digits = char.IsAsciiDigit(text[0]);
        var end = 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]) == digits)
        {
            end++;
        }

        return text[..end];
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var x = left.TrimStart('0');
        var y = right.TrimStart('0');
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.SequenceCompareTo(y);
    }
}
