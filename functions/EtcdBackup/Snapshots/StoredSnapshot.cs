namespace Ebb.EtcdBackup.Snapshots;

/// <summary>A snapshot in the store.</summary>
public sealed record StoredSnapshot
{
    /// <summary>Its name.</summary>
    public required SnapshotName Name { get; init; }

    /// <summary>Where it is.</summary>
    public required SnapshotPlace Place { get; init; }

    /// <summary>Its key in the store: prefix and name.</summary>
    public required string Key { get; init; }

    /// <summary>The object's length.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether it can be relied on.</summary>
    public required SnapshotState State { get; init; }

    /// <summary>Its sidecar; null without one that can be read.</summary>
    public Sidecar? Sidecar { get; init; }

    /// <summary>What is wrong with it, for <see cref="SnapshotState.Damaged"/>.</summary>
    public string? Problem { get; init; }
}
