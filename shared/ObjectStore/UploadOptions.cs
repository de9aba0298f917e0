namespace Ebb.ObjectStore;

/// <summary>How an object is stored.</summary>
public sealed record UploadOptions
{
    /// <summary>Plain bytes that may replace what is there.</summary>
    public static UploadOptions Default { get; } = new();

    /// <summary>The media type. Default <c>application/octet-stream</c>; files do not keep it.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>
    /// Refuses to replace an object (<see cref="ObjectStoreFault.Exists"/>). Atomic for files and for S3 stores that know <c>If-None-Match: *</c>
    /// (the probe tells); on others the key is looked up right before, which two writers at the same moment can slip through.
    /// Default false.
    /// </summary>
    public bool OnlyIfAbsent { get; init; }

    /// <summary>S3 Object Lock: how long the object cannot be deleted or replaced. Default null: not locked, or the bucket's default. Files refuse it.</summary>
    public ObjectRetention? Retention { get; init; }
}
