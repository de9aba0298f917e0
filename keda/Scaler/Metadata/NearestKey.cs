namespace Ebb.Scaler.Metadata;

/// <summary>Finds the key that was probably meant.</summary>
internal static class NearestKey
{
    private const int MaxLength = 64;

    /// <summary>The key that differs least: in case only, by an s, or by at most a third of its letters; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known) => name.Length > MaxLength
        ? null
        : known.Select(key => (Key: key, Distance: Distance(name.ToLowerInvariant(), key.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Key.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Key)
            .FirstOrDefault();

    // Levenshtein distance, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
