namespace Ebb.Age;

/// <summary>
/// A file of identities as age-keygen writes it: one on a line, comments after <c>#</c>, empty lines. What stands beside usable ones is passed over
/// and named, as a file that opens backups must not be refused for a line that it can do without.
/// </summary>
public sealed class AgeIdentityFile : IDisposable
{
    private const int MostCharacters = 1 << 20;
    private const int MostNamed = 20;

    private AgeIdentityFile(IReadOnlyList<AgeIdentity> identities, IReadOnlyList<string> passedOver) => (Identities, PassedOver) = (identities, passedOver);

    /// <summary>The X25519 identities; at least one.</summary>
    public IReadOnlyList<AgeIdentity> Identities { get; }

    /// <summary>What else stands in the file and is not used, such as <c>line 3: an identity of the plugin 'yubikey'</c>. Shows nothing of a key.</summary>
    public IReadOnlyList<string> PassedOver { get; }

    /// <summary>Reads every identity; the caller disposes the result.</summary>
    /// <exception cref="FormatException">No line is a usable identity. What stands there instead is named by line, and nothing of it is shown.</exception>
    public static AgeIdentityFile Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > MostCharacters)
        {
            throw new FormatException($"An identity file has at most {MostCharacters} characters; this is another file.");
        }

        var (identities, others) = (new List<AgeIdentity>(), new OtherIdentities());
        var number = 0;
        foreach (var line in text.EnumerateLines())
        {
            number++;
            var content = line.Trim().TrimStart('\uFEFF').TrimStart();
            if (content.IsEmpty || content[0] == '#' || others.TryTake(number, content))
            {
                continue;
            }

            if (AgeIdentity.TryParse(content, out var identity, out var error))
            {
                identities.Add(identity);
            }
            else
            {
                others.Add(number, error.TrimEnd('.'));
            }
        }

        return identities.Count > 0 ? new AgeIdentityFile(identities, others.Seen) : throw Unusable(others.Seen);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">As <see cref="Parse"/>, with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<AgeIdentityFile> ReadAsync(string path, CancellationToken cancellationToken)
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

    /// <summary>Overwrites the identities.</summary>
    public void Dispose()
    {
        foreach (var identity in Identities)
        {
            identity.Dispose();
        }
    }

    private static FormatException Unusable(IReadOnlyList<string> seen) => new(seen.Count == 0
        ? "No identity in it: a line such as 'AGE-SECRET-KEY-1…' is missing."
        : $"No identity in it can be used here: a line such as 'AGE-SECRET-KEY-1…', as age-keygen prints it, is missing. In it are {string.Join("; ", seen.Take(MostNamed))}.");
}
