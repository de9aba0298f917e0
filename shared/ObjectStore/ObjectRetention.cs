namespace Ebb.ObjectStore;

/// <summary>S3 Object Lock for one object (Amazon S3 user guide, Object Lock; the bucket must have been created with it).</summary>
/// <param name="Mode">Who may lift it.</param>
/// <param name="Until">When it ends.</param>
public sealed record ObjectRetention(RetentionMode Mode, DateTimeOffset Until);
