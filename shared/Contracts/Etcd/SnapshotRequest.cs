using System.Text.Json.Serialization;

namespace Ebb.Contracts.Etcd;

/// <summary>Asks EtcdBackup for a snapshot now. What is backed up and where it goes is configured and cannot be asked for.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SnapshotRequest
{
    /// <summary>Whether retention deletes afterwards what it does not keep; null means true.</summary>
    public bool? Prune { get; init; }
}
