using Ebb.EtcdBackup.Retention;

namespace Ebb.EtcdBackup.Reports;

/// <summary>What a run stored.</summary>
public sealed record BackupReport
{
    /// <summary>The snapshot's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is, without secrets.</summary>
    public required string Store { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long everything took, up to the sidecar.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How much of it was reading the object back.</summary>
    public required TimeSpan ReadBackDuration { get; init; }

    /// <summary>True: the object was read back and is what was sent.</summary>
    public required bool Verified { get; init; }

    /// <summary>The member that gave it.</summary>
    public required string Member { get; init; }

    /// <summary>Its version of etcd.</summary>
    public required string EtcdVersion { get; init; }

    /// <summary>The revision it holds at least; null where the source does not tell.</summary>
    public long? Revision { get; init; }

    /// <summary>The number of keys at that revision; null where the source does not tell.</summary>
    public long? Keys { get; init; }

    /// <summary>The length of the snapshot.</summary>
    public required long Bytes { get; init; }

    /// <summary>The length of the object.</summary>
    public required long ObjectBytes { get; init; }

    /// <summary>Who can decrypt; empty when it is not encrypted.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>What a person should look at: members that could not be used, an unusual size.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why what follows the storing was not done, such as retention; null: it was.</summary>
    public string? Unfinished { get; init; }

    /// <summary>What retention deleted; null when it was not asked to.</summary>
    public PruneReport? Prune { get; init; }
}
