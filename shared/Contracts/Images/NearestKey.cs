namespace Ebb.Contracts.Images;

/// <summary>Finds the known key that an unknown one was probably meant to be.</summary>
internal static class NearestKey
{
    private const int MaxLength = 40;

    /// <summary>The known key with the fewest edits, when at most a third of it differs; else null.</summary>
    public static string? Find(string key, IEnumerable<string> known)
    {
        if (key.Length > MaxLength)
        {
            return null;
        }

        var (nearest, edits) = known
            .Select(candidate => (Key: candidate, Edits: Edits(key.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .MinBy(candidate => candidate.Edits);
        return nearest is not null && edits <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
