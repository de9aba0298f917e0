using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Bolt.Keyspace;

namespace Ebb.EtcdBackup.Drills;

/// <summary>What a report tells of a database.</summary>
internal static class DatabaseSummary
{
    public static DrillDatabase Of(DatabaseContents contents) => new()
    {
        Bytes = contents.Status.TotalSize,
        FreeBytes = contents.Pages.Free * contents.Pages.PageSize,
        Revision = contents.Revision,
        CompactedRevision = contents.CompactedRevision,
        Revisions = contents.Revisions,
        Keys = contents.Keys,
        Prefixes = contents.Prefixes,
        Leases = contents.Leases,
        Hash = contents.Status.Hash.ToString("x8"),
    };
}
