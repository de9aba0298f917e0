using System.Text.Json;
using Ebb.EtcdBackup.Bolt.Keyspace;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>A database in a file, and what etcd said of it when it was copied.</summary>
/// <param name="Path">A snapshot, or the member's own file.</param>
/// <param name="Revision">etcd's revision.</param>
/// <param name="Keys">The keys that exist.</param>
internal sealed record TestDatabase(string Path, long Revision, IReadOnlySet<string> Keys)
{
    /// <summary>What <c>etcdutl snapshot status</c> says.</summary>
    public async Task<SnapshotStatus> StatusAsync()
    {
        using var status = JsonDocument.Parse(await EtcdPrograms.RunAsync(EtcdPrograms.Etcdutl, "snapshot", "status", Path, "-w", "json"));
        var root = status.RootElement;
        return new SnapshotStatus(
            root.GetProperty("hash").GetUInt32(), root.GetProperty("revision").GetInt64(), root.GetProperty("totalKey").GetInt64(), root.GetProperty("totalSize").GetInt64());
    }
}
