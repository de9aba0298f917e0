namespace Ebb.Vault.KeyValue;

/// <summary>What the server keeps of a secret beside its data (Vault API, KV v2, Read secret metadata).</summary>
public sealed record KeyValueMetadata
{
    /// <summary>The newest version's number, also when it is deleted: what check-and-set compares with. 0: none was written yet.</summary>
    public required int CurrentVersion { get; init; }

    /// <summary>The oldest version that is kept.</summary>
    public required int OldestVersion { get; init; }

    /// <summary>How often the metadata itself was written: what its check-and-set compares with. Null: the server does not count it (HashiCorp's Vault, OpenBao before 2.4).</summary>
    public int? MetadataVersion { get; init; }

    /// <summary>How many versions are kept; 0: as the engine is configured (10 when it is not).</summary>
    public required int MaxVersions { get; init; }

    /// <summary>True when writes must say which version they replace.</summary>
    public required bool CheckAndSetRequired { get; init; }

    /// <summary>What people wrote beside the secret.</summary>
    public required IReadOnlyDictionary<string, string> CustomMetadata { get; init; }

    /// <summary>The versions that are kept, oldest first.</summary>
    public required IReadOnlyList<KeyValueVersion> Versions { get; init; }
}
