using System.Text.Json.Serialization;

namespace Ebb.Contracts.Etcd;

/// <summary>Asks EtcdBackup for a snapshot now. What is backed up and where it goes is configured and cannot be asked for.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SnapshotRequest
{
    /// <summary>How it is asked for: one at a time.</summary>
    public static Command<SnapshotRequest> Command { get; } = new(Queues.EtcdSnapshots, ContractsJson.Default.SnapshotRequest, EtcdRequests.Snapshot) { MaxBytes = EtcdRequests.MaxBytes, SequenceKey = _ => "snapshot" };

    /// <summary>Whether retention deletes afterwards what it does not keep; null means true.</summary>
    public bool? Prune { get; init; }
}
