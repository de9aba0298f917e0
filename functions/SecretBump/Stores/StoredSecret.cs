using Ebb.Vault.KeyValue;

namespace Ebb.SecretBump.Stores;

/// <summary>A version of a secret as it was read.</summary>
/// <param name="Version">Which version.</param>
/// <param name="Values">Its keys and values; null when the version is deleted.</param>
public sealed record StoredSecret(StoredVersion Version, KeyValueData? Values)
{
    /// <summary>What the store keeps beside the values: Vault's custom metadata, Key Vault's tags.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Not the values.</summary>
    public override string ToString() => $"version {Version.Id}, {(Values is null ? "deleted" : Values.ToString())}";
}
