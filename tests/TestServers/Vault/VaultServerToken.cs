namespace Ebb.TestServers.Vault;

/// <summary>A token of the server.</summary>
public sealed class VaultServerToken(string value, IReadOnlyList<string> policies)
{
    public string Value => value;

    internal TimeSpan Ttl { get; init; }

    internal bool Renewable { get; init; }

    internal DateTimeOffset Expires { get; set; }

    internal DateTimeOffset MaxExpires { get; init; }

    /// <summary>
    /// True when a policy's line grants it and none denies it. A line is <c>capability[,capability] path</c>; in a path <c>+</c> is one segment, and
    /// <c>*</c> at its end the rest (https://developer.hashicorp.com/vault/docs/concepts/policies). Unlike there, the most specific line does not win: all count.
    /// </summary>
    internal bool Allows(string path, string capability)
    {
        var granted = Matching(path).SelectMany(line => line.Capabilities).ToList();
        return granted.Contains(capability) && !granted.Contains("deny");
    }

    internal bool AllowsSomethingBelow(string prefix) => Lines().Any(line => line.Path.StartsWith(prefix, StringComparison.Ordinal) || Matches(line.Path, prefix));

    // A list's path ends with a slash, and a line without one grants it only if it has no wildcard (vault/acl.go, AllowOperation: exactRules).
    private IEnumerable<(string[] Capabilities, string Path)> Matching(string path) =>
        Lines().Where(line => Matches(line.Path, path) || (path.EndsWith('/') && line.Path == path[..^1]));

    private IEnumerable<(string[] Capabilities, string Path)> Lines() =>
        policies.Select(policy => policy.Split(' ', 2)).Select(line => (line[0].Split(','), line[1]));

    private static bool Matches(string pattern, string path)
    {
        var rest = pattern.EndsWith('*');
        var wanted = (rest ? pattern[..^1] : pattern).Split('/');
        var segments = path.Split('/');
        return (rest ? segments.Length >= wanted.Length : segments.Length == wanted.Length)
            && wanted.Index().All(item => item.Item == "+" || (rest && item.Index == wanted.Length - 1
                ? segments[item.Index].StartsWith(item.Item, StringComparison.Ordinal)
                : segments[item.Index] == item.Item));
    }
}
