namespace Ebb.Age;

/// <summary>A file of identities as age-keygen writes it: one on a line, comments after <c>#</c>, empty lines.</summary>
public static class AgeIdentityFile
{
    private const int MostCharacters = 1 << 20;

    /// <summary>Reads every identity; the caller disposes them.</summary>
    /// <exception cref="FormatException">A line is no identity, or there is none at all. Every bad line is named by number, and none is shown.</exception>
    public static IReadOnlyList<AgeIdentity> Parse(ReadOnlySpan<char> text)
    {
        var (identities, problems, number) = (new List<AgeIdentity>(), new List<string>(), 0);
        if (text.Length > MostCharacters)
        {
            throw new FormatException($"An identity file has at most {MostCharacters} characters; this is another file.");
        }

        foreach (var line in text.EnumerateLines())
        {
            number++;
            var content = line.Trim().TrimStart('\uFEFF');
            if (content.IsEmpty || content[0] == '#')
            {
                continue;
            }

            if (AgeIdentity.TryParse(content, out var identity, out var error))
            {
                identities.Add(identity);
            }
            else
            {
                problems.Add($"Line {number}: {error}");
            }
        }

        if (problems.Count > 0 || identities.Count == 0)
        {
            identities.ForEach(identity => identity.Dispose());
            throw new FormatException(problems.Count > 0 ? string.Join(" ", problems.Take(20)) : "No identity in it: a line such as 'AGE-SECRET-KEY-1…' is missing.");
        }

        return identities;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">As <see cref="Parse"/>, with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IReadOnlyList<AgeIdentity>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var length = new FileInfo(path).Length;
        if (length > MostCharacters)
        {
            throw new FormatException($"{path} has {length} bytes, which no identity file has: give the file that age-keygen wrote.");
        }

        var text = (await File.ReadAllTextAsync(path, cancellationToken)).ToCharArray();
        try
        {
            return Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{path}: {wrong.Message}", wrong);
        }
        finally
        {
            Array.Clear(text);
        }
    }
}
