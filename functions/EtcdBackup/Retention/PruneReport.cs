namespace Ebb.EtcdBackup.Retention;

/// <summary>What pruning did, or with <c>dryRun</c> would do.</summary>
public sealed record PruneReport
{
    /// <summary>True when nothing was deleted.</summary>
    public required bool DryRun { get; init; }

    /// <summary>How many snapshots stay.</summary>
    public required int Kept { get; init; }

    /// <summary>How many of them are verified.</summary>
    public required int KeptVerified { get; init; }

    /// <summary>The names that were deleted, newest first.</summary>
    public required IReadOnlyList<string> Deleted { get; init; }

    /// <summary>What could not be deleted, and why.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];
}
