namespace Ebb.Contracts.Etcd;

/// <summary>What EtcdBackup last saw in the store of one cluster: a document of host storage, shown by the door.</summary>
public sealed record SnapshotsDocument
{
    /// <summary>What the keys of these documents begin with; the cluster's name follows.</summary>
    public const string KeyPrefix = "etcd/snapshots/";

    /// <summary>The most snapshots that are listed.</summary>
    public const int MaxSnapshots = 500;

    /// <summary>The cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>Where they are, without secrets.</summary>
    public required string Store { get; init; }

    /// <summary>When the store was looked at.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The snapshots, newest first.</summary>
    public required IReadOnlyList<SnapshotEntry> Snapshots { get; init; }
}

/// <summary>A stored snapshot.</summary>
public sealed record SnapshotEntry
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>verified</c>: read back and complete; <c>unverified</c>: not known; <c>damaged</c>: not what was stored.</summary>
    public required string State { get; init; }

    /// <summary>The length of the stored object.</summary>
    public required long ObjectBytes { get; init; }

    /// <summary>The length of the snapshot itself, where it is known.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its revision, or one before it; where it is known.</summary>
    public long? Revision { get; init; }

    /// <summary>The number of keys at that revision, where it is known.</summary>
    public long? Keys { get; init; }

    /// <summary>Encrypted with age.</summary>
    public required bool Encrypted { get; init; }

    /// <summary>What is wrong with a damaged one.</summary>
    public string? Problem { get; init; }
}
