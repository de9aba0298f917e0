namespace Ebb.ObjectStore;

/// <summary>An object that was stored just now.</summary>
public sealed record StoredObject
{
    /// <summary>Its name.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>Bytes; what was sent and what the store says it has.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of what was sent, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The store's own mark of this content; opaque, without quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>What the store's ETags say about the content.</summary>
    public required ETagCheck ETagCheck { get; init; }
}
