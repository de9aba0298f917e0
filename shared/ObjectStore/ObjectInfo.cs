namespace Ebb.ObjectStore;

/// <summary>What a store says about an object.</summary>
public sealed record ObjectInfo
{
    /// <summary>Its name.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When it was stored, by the store's clock.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Changes with the content; opaque, without quotes.</summary>
    public required string ETag { get; init; }
}
