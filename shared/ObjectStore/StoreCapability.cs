namespace Ebb.ObjectStore;

/// <summary>What a store may be able to do.</summary>
public enum StoreCapability
{
    /// <summary>Storing an object.</summary>
    Write,

    /// <summary>Reading it back, whole and in ranges, as it was sent.</summary>
    Read,

    /// <summary>Listing by prefix.</summary>
    List,

    /// <summary>Deleting. Without it retention cannot work.</summary>
    Delete,

    /// <summary>Objects of unknown length: multipart uploads, or space on the disk.</summary>
    LargeObjects,

    /// <summary>Finding uploads that a dead process left behind.</summary>
    StaleUploads,

    /// <summary>Refusing atomically to replace an object (<see cref="UploadOptions.OnlyIfAbsent"/>).</summary>
    OnlyIfAbsent,

    /// <summary>Object Lock (<see cref="UploadOptions.Retention"/>).</summary>
    Retention,
}
