using System.Buffers.Binary;

namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>What the bucket <c>meta</c> says (etcd 3.5, mvcc/kvstore.go and etcdserver/cindex/cindex.go).</summary>
internal sealed class MetaBucket
{
    public long FinishedCompaction { get; private set; }

    public long ScheduledCompaction { get; private set; }

    public ulong? ConsistentIndex { get; private set; }

    public void Take(in BoltEntry entry)
    {
        if (entry.Key.SequenceEqual("finishedCompactRev"u8))
        {
            FinishedCompaction = Revision(entry.Value);
        }
        else if (entry.Key.SequenceEqual("scheduledCompactRev"u8))
        {
            ScheduledCompaction = Revision(entry.Value);
        }
        else if (entry.Key.SequenceEqual("consistent_index"u8))
        {
            ConsistentIndex = entry.Value.Length == sizeof(ulong)
                ? BinaryPrimitives.ReadUInt64BigEndian(entry.Value.Read(0, sizeof(ulong)))
                : throw new BoltException("The database is damaged: its consistent_index is no number.");
        }
    }

    private static long Revision(BoltValue value) =>
        value.Length <= Window.MaxBytes && RevisionKey.TryParse(value.ReadFrom(0), out var revision)
            ? revision.Main
            : throw new BoltException("The database is damaged: a revision of compaction is no revision.");
}
