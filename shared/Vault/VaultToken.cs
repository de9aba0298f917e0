namespace Ebb.Vault;

/// <summary>A token and how long it holds.</summary>
internal sealed class VaultToken
{
    public VaultToken(string value, DateTimeOffset obtained, TimeSpan lease, bool renewable)
    {
        Value = value;
        Lease = lease;
        Renewable = renewable && lease > TimeSpan.Zero;

        // A lease of zero never expires (a root token). A third of the lease is left for renewals that fail.
        (RefreshAt, ExpiresAt) = lease > TimeSpan.Zero ? (obtained + lease * 2 / 3, obtained + lease) : (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
    }

    public string Value { get; }

    public TimeSpan Lease { get; }

    public bool Renewable { get; }

    public DateTimeOffset RefreshAt { get; init; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The same token, to be refreshed later.</summary>
    public VaultToken KeptUntil(DateTimeOffset refreshAt) => new(Value, ExpiresAt - Lease, Lease, Renewable) { RefreshAt = refreshAt };

    /// <summary>Not the token itself.</summary>
    public override string ToString() => $"token, {(ExpiresAt == DateTimeOffset.MaxValue ? "never expires" : $"expires {ExpiresAt:O}")}";
}
