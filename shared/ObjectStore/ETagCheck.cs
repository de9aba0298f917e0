namespace Ebb.ObjectStore;

/// <summary>
/// What comparing a store's ETags with the MD5 of what was sent gave. A hint only: S3 promises MD5 for objects stored in one piece without
/// KMS or customer keys, and stores differ.
/// </summary>
public enum ETagCheck
{
    /// <summary>The store says it uses ETags that are no digests, or is a directory.</summary>
    NotComparable,

    /// <summary>Every ETag is the MD5 of what was sent.</summary>
    Matches,

    /// <summary>An ETag looks like an MD5 and is another one. The log says which. Read the object back before trusting it.</summary>
    Differs,
}
