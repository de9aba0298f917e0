namespace Ebb.Vault.KeyValue;

/// <summary>One version of a secret as it was read.</summary>
/// <param name="Version">Which version it is, and when it came and went.</param>
/// <param name="Data">Its keys and values; null when the version was deleted or destroyed.</param>
/// <param name="CustomMetadata">What people wrote beside the secret; of the secret as a whole and not of the version.</param>
public sealed record KeyValueSecret(KeyValueVersion Version, KeyValueData? Data, IReadOnlyDictionary<string, string> CustomMetadata)
{
    /// <summary>Not the values.</summary>
    public override string ToString() => $"version {Version.Number}, {(Data is null ? "deleted" : Data.ToString())}";
}
