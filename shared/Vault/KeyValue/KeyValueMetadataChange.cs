namespace Ebb.Vault.KeyValue;

/// <summary>What is to change in a secret's metadata; null stays as it is.</summary>
public sealed record KeyValueMetadataChange
{
    /// <summary>The most keys of custom metadata.</summary>
    public const int MaxCustomKeys = 64;

    /// <summary>The most bytes of a custom key in UTF-8.</summary>
    public const int MaxCustomKeyBytes = 128;

    /// <summary>The most bytes of a custom value in UTF-8; at least one.</summary>
    public const int MaxCustomValueBytes = 512;

    /// <summary>
    /// The <see cref="KeyValueMetadata.MetadataVersion"/> that is replaced (OpenBao 2.4 and newer, <c>metadata_cas</c>); null: whatever is there, which an
    /// engine with <c>metadata_cas_required</c> refuses.
    /// </summary>
    public int? CheckAndSet { get; init; }

    /// <summary>Keys of custom metadata with their values. A patch removes those that are null and leaves the others; a write replaces them all.</summary>
    public IReadOnlyDictionary<string, string?>? CustomMetadata { get; init; }

    /// <summary>How many versions are kept; 0: as the engine is configured.</summary>
    public int? MaxVersions { get; init; }

    /// <summary>Whether writes must say which version they replace.</summary>
    public bool? CheckAndSetRequired { get; init; }
}
