using System.Text.Json.Serialization;

namespace Ebb.Contracts.Etcd;

/// <summary>Asks EtcdBackup to delete the snapshots that retention does not keep.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PruneRequest
{
    /// <summary>Only reports what would be deleted. Default false.</summary>
    public bool DryRun { get; init; }
}
