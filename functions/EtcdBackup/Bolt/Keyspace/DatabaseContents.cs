namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>What an etcd database holds, read out of its file.</summary>
public sealed record DatabaseContents
{
    /// <summary>The revision that an etcd started from this file has.</summary>
    public required long Revision { get; init; }

    /// <summary>Revisions up to this one were compacted; 0 for none.</summary>
    public required long CompactedRevision { get; init; }

    /// <summary>Stored revisions of keys, deletions included.</summary>
    public required long Revisions { get; init; }

    /// <summary>Stored deletions.</summary>
    public required long Tombstones { get; init; }

    /// <summary>The keys that exist; null when there are too many to count (over seven million).</summary>
    public required long? Keys { get; init; }

    /// <summary>
    /// The keys that exist by the first two segments of their path, the largest first. At most 256; <c>(others)</c> counts the
    /// rest. Null as <see cref="Keys"/> is.
    /// </summary>
    public required IReadOnlyDictionary<string, long>? Prefixes { get; init; }

    /// <summary>Leases.</summary>
    public required long Leases { get; init; }

    /// <summary>The raft index up to which the database is; null in one that no raft entry ever reached.</summary>
    public required ulong? ConsistentIndex { get; init; }

    /// <summary>What <c>etcdutl snapshot status</c> of etcd 3.5 says.</summary>
    public required SnapshotStatus Status { get; init; }

    /// <summary>The pages of the file.</summary>
    public required BoltPages Pages { get; init; }
}

/// <summary>The answer of <c>etcdutl snapshot status</c> of etcd 3.5 (etcdutl/snapshot/v3_snapshot.go, Status).</summary>
/// <param name="Hash">CRC-32C of all names of buckets, keys and values in order.</param>
/// <param name="Revision">The revision of the last entry; a compaction may be beyond it.</param>
/// <param name="TotalKey">Entries of all buckets; not what a person calls a key.</param>
/// <param name="TotalSize">Bytes of all pages.</param>
public sealed record SnapshotStatus(uint Hash, long Revision, long TotalKey, long TotalSize);
