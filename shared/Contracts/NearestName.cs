namespace Ebb.Contracts;

/// <summary>Finds the known name (a key, a setting, a function) that an unknown one was probably meant to be.</summary>
public static class NearestName
{
    // Longer than any name of ours; the search takes time by the product of the lengths.
    private const int MaxLength = 64;

    /// <summary>The known name that differs least, by at most a third of its letters, upper and lower case being the same; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > MaxLength
            ? null
            : known.Select(candidate => (Name: candidate, Edits: Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
                .Where(candidate => candidate.Edits <= Math.Max(1, candidate.Name.Length / 3))
                .OrderBy(candidate => candidate.Edits)
                .Select(candidate => candidate.Name)
                .FirstOrDefault();
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
