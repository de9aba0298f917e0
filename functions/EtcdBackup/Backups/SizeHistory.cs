using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Backups;

/// <summary>Compares a snapshot's size with those before it: a database that has halved or doubled over night is worth a look.</summary>
internal static class SizeHistory
{
    private const int Window = 7;
    private const int Fewest = 3;

    /// <summary>The median length of the last seven verified snapshots before this one; null while there are fewer than three.</summary>
    public static long? MedianBefore(string name, IEnumerable<StoredSnapshot> verifiedNewestFirst)
    {
        var sizes = verifiedNewestFirst.SkipWhile(snapshot => snapshot.Name.Text != name).Skip(1).Take(Window)
            .Select(snapshot => snapshot.Sidecar!.PlaintextBytes).Order().ToList();
        return sizes.Count < Fewest ? null : sizes[sizes.Count / 2];
    }

    /// <summary>A sentence for people; null when the size is usual.</summary>
    public static string? Anomaly(long bytes, long? median) => median switch
    {
        null => null,
        { } usual when bytes < usual / 2 => $"The snapshot has {Shown.Bytes(bytes)}, less than half of the {Shown.Bytes(usual)} that are usual: was something deleted, or is this another cluster?",
        { } usual when bytes > usual * 2 => $"The snapshot has {Shown.Bytes(bytes)}, more than twice the {Shown.Bytes(usual)} that are usual: see what grows (etcdctl endpoint status, compaction and defragmentation).",
        _ => null,
    };
}
