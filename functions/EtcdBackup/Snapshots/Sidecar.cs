namespace Ebb.EtcdBackup.Snapshots;

/// <summary>
/// What is known of a stored snapshot: the object <c>&lt;snapshot&gt;.json</c> beside it. It is written last, after the snapshot was read
/// back, so a snapshot with a sidecar is one that was verified.
/// </summary>
public sealed record Sidecar
{
    /// <summary>What is put behind a snapshot's name.</summary>
    public const string Extension = ".json";

    /// <summary>The <see cref="Source"/> of one that a drill wrote.</summary>
    public const string UnknownSource = "unknown";

    /// <summary>The longest sidecar that is read: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The version of this format: 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The snapshot's name.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>When the snapshot was begun.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How long it took, reading back included.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What gave it: <c>etcd</c>, <c>talos</c>, or <c>unknown</c> for a foreign one that a drill verified.</summary>
    public required string Source { get; init; }

    /// <summary>The endpoint or node that gave it.</summary>
    public string? Member { get; init; }

    /// <summary>etcd's id of the cluster, hexadecimal as etcdctl shows it; null where the source does not tell.</summary>
    public string? ClusterId { get; init; }

    /// <summary>etcd's id of the member, hexadecimal.</summary>
    public string? MemberId { get; init; }

    /// <summary>The member's version of etcd.</summary>
    public string? EtcdVersion { get; init; }

    /// <summary>The revision when the snapshot was begun: it holds this one or a later. Null where the source does not tell (Talos).</summary>
    public long? Revision { get; init; }

    /// <summary>The revision when it had ended: it holds no later one. Equal to <see cref="Revision"/> where nothing was written meanwhile.</summary>
    public long? LastRevision { get; init; }

    /// <summary>The member's applied raft index when the snapshot was begun.</summary>
    public ulong? RaftIndex { get; init; }

    /// <summary>The number of keys at <see cref="Revision"/>; null where the source does not tell.</summary>
    public long? Keys { get; init; }

    /// <summary>Length of the snapshot itself, with the SHA-256 at its end.</summary>
    public required long PlaintextBytes { get; init; }

    /// <summary>SHA-256 of the snapshot itself, hexadecimal.</summary>
    public required string PlaintextSha256 { get; init; }

    /// <summary>Length of the stored object.</summary>
    public required long ObjectBytes { get; init; }

    /// <summary>SHA-256 of the stored object, hexadecimal.</summary>
    public required string ObjectSha256 { get; init; }

    /// <summary>Compressed with zstd.</summary>
    public bool Compressed { get; init; }

    /// <summary>Who can decrypt; empty when it is not encrypted.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>What the last drill found wrong with the snapshot; null: nothing.</summary>
    public string? Damage { get; init; }

    /// <summary>What wrote it: <c>ebb 0.1.0</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>What was verified.</summary>
    public required Verification Verification { get; init; }

    /// <summary>Written by a drill of another program's snapshot, not by who took it.</summary>
    internal bool IsOfDrill => Source == UnknownSource;
}

/// <summary>What was verified of a stored snapshot.</summary>
/// <param name="At">When.</param>
/// <param name="Trailer">The SHA-256 at the snapshot's end is that of the rest.</param>
/// <param name="ReadBack">The object was read back from the store, and is what was sent.</param>
public sealed record Verification(DateTimeOffset At, bool Trailer, bool ReadBack);
