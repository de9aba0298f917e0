namespace Ebb.ImageMirror.Mirroring;

/// <summary>How a blob came to be in a target repository.</summary>
internal enum BlobOutcome
{
    /// <summary>It was there.</summary>
    Skipped,

    /// <summary>It was mounted from another repository of the target.</summary>
    Mounted,

    /// <summary>It was read from the source and uploaded.</summary>
    Moved,
}
