namespace Ebb.EtcdBackup.Sources;

/// <summary>What a member said of itself before its snapshot.</summary>
public sealed record MemberState
{
    /// <summary>The endpoint or node, for people.</summary>
    public required string Name { get; init; }

    /// <summary>etcd's id of the cluster; null where the source does not tell (Talos).</summary>
    public ulong? ClusterId { get; init; }

    /// <summary>etcd's id of the member.</summary>
    public required ulong MemberId { get; init; }

    /// <summary>The member's version of etcd; empty when it does not tell.</summary>
    public required string Version { get; init; }

    /// <summary>The member that this one takes for the leader; 0 for none.</summary>
    public required ulong Leader { get; init; }

    /// <summary>How far the member has applied the raft log.</summary>
    public required ulong AppliedIndex { get; init; }

    /// <summary>It only follows and has no vote.</summary>
    public bool IsLearner { get; init; }

    /// <summary>The length of its database file, about that of the snapshot.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>The revision; null where the source does not tell.</summary>
    public long? Revision { get; init; }

    /// <summary>It is the leader itself.</summary>
    public bool IsLeader => Leader == MemberId;
}
