namespace Ebb.ObjectStore;

/// <summary>What a dead process left of an upload, now removed.</summary>
/// <param name="Key">The object it would have become.</param>
/// <param name="Since">When the upload began; of a file: when it was last written.</param>
public sealed record StaleUpload(ObjectKey Key, DateTimeOffset Since);
