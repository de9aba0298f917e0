namespace Ebb.TestServers.Vault;

/// <summary>A token of the server.</summary>
public sealed class VaultServerToken(string value, IReadOnlyList<string> policies)
{
    public string Value => value;

    internal TimeSpan Ttl { get; init; }

    internal bool Renewable { get; init; }

    internal DateTimeOffset Expires { get; set; }

    internal DateTimeOffset MaxExpires { get; init; }

    internal bool Allows(string path, string capability) => policies.Select(policy => policy.Split(' ', 2)).Any(policy =>
        policy[0] == capability && (policy[1].EndsWith('*') ? path.StartsWith(policy[1][..^1], StringComparison.Ordinal) : path == policy[1]));
}
