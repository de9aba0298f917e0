namespace Ebb.Age;

/// <summary>
/// What stands in identity files beside X25519 identities: those of plugins and post-quantum ones (age v1.3, doc/age-keygen.1), and blocks between
/// <c>-----BEGIN</c> and <c>-----END</c>: SSH keys and identity files that are themselves encrypted (doc/age.1, "IDENTITIES AND IDENTITY FILES").
/// </summary>
internal sealed class OtherIdentities
{
    private const string Plugin = "AGE-PLUGIN-";
    private const string PostQuantum = "AGE-SECRET-KEY-PQ-1";
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const int MostNameCharacters = 40;

    private readonly List<string> _seen = [];
    private bool _isInBlock;

    public IReadOnlyList<string> Seen => _seen;

    public void Add(int line, string what) => _seen.Add($"line {line}: {what}");

    /// <summary>True when the line belongs to something of another kind, which is named once.</summary>
    public bool TryTake(int number, ReadOnlySpan<char> line)
    {
        if (_isInBlock)
        {
            _isInBlock = !line.StartsWith(End, StringComparison.Ordinal);
            return true;
        }

        if (Kind(line) is { } kind)
        {
            _isInBlock = line.StartsWith(Begin, StringComparison.Ordinal);
            Add(number, kind);
            return true;
        }

        return false;
    }

    private static string? Kind(ReadOnlySpan<char> line) => line switch
    {
        _ when line.StartsWith(Plugin, StringComparison.Ordinal) => PluginName(line) is { } name ? $"an identity of the plugin '{name}'" : "an identity of a plugin",
        _ when line.StartsWith(PostQuantum, StringComparison.Ordinal) => "a post-quantum identity",
        _ when line.StartsWith(Begin + "AGE ENCRYPTED FILE-----", StringComparison.Ordinal) => "an encrypted file, which age --decrypt opens",
        _ when line.StartsWith(Begin + "OPENSSH PRIVATE KEY-----", StringComparison.Ordinal) => "an SSH key",
        _ when line.StartsWith(Begin, StringComparison.Ordinal) => "a key of another kind",
        _ => null,
    };

    // What follows the last '-1' is the key (Bech32's separator, which no key contains).
    private static string? PluginName(ReadOnlySpan<char> line)
    {
        var end = line.LastIndexOf("-1");
        var name = end < Plugin.Length ? default : line[Plugin.Length..end];
        return name.Length is > 0 and <= MostNameCharacters && !name.ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._")
            ? name.ToString().ToLowerInvariant()
            : null;
    }
}
