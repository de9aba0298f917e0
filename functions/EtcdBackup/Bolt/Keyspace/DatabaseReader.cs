namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>Checks an etcd database and reads what it holds, in one pass and bounded memory.</summary>
public sealed class DatabaseReader : IDisposable
{
    /// <summary>So many keys are counted one by one: a set of at most 64 MiB.</summary>
    internal const int MaxCountedKeys = 7 * 1024 * 1024;

    private readonly LiveKeys _keys;
    private readonly MetaBucket _meta = new();
    private Crc32C _crc;
    private Bucket _bucket;
    private bool _hasKeyBucket;
    private long _entries;
    private long _lastRevision;
    private long _revisions;
    private long _tombstones;
    private long _leases;

    private DatabaseReader(int maxCountedKeys) => _keys = new LiveKeys(maxCountedKeys);

    private enum Bucket
    {
        Other,
        Key,
        Meta,
        Lease,
    }

    /// <summary>
    /// Reads all of it on another thread: pages come in the order of the tree, from memory or a local file, and what takes the
    /// time is computing.
    /// </summary>
    /// <exception cref="BoltException">It is damaged, or it is no etcd database.</exception>
    /// <exception cref="IOException">The content cannot be read.</exception>
    public static Task<DatabaseContents> ReadAsync(IDatabaseContent content, CancellationToken cancellationToken) =>
        Task.Run(() => Read(content, MaxCountedKeys, cancellationToken), cancellationToken);

    internal static DatabaseContents Read(IDatabaseContent content, int maxCountedKeys, CancellationToken cancellationToken)
    {
        using var reader = new DatabaseReader(maxCountedKeys);
        var pages = BoltWalk.Run(content, reader.Take, cancellationToken);
        return reader._hasKeyBucket
            ? reader.Contents(pages)
            : throw new BoltException("This is a sound bbolt database, but not etcd's: it has no bucket named key.");
    }

    public void Dispose() => _keys.Dispose();

    private void Take(in BoltEntry entry)
    {
        switch (entry.Depth)
        {
            case 0:
                _crc.Append(entry.Key);
                Enter(entry.Key);
                break;
            case 1:
                _entries++;
                _crc.Append(entry.Key);
                if (!entry.IsBucket)
                {
                    Hash(entry.Value);
                    TakeContent(entry);
                }

                break;
        }
    }

    private void Enter(ReadOnlySpan<byte> name)
    {
        _bucket = name.SequenceEqual("key"u8) ? Bucket.Key
            : name.SequenceEqual("meta"u8) ? Bucket.Meta
            : name.SequenceEqual("lease"u8) ? Bucket.Lease : Bucket.Other;
        _hasKeyBucket |= _bucket == Bucket.Key;
    }

    private void Hash(BoltValue value)
    {
        for (var position = 0L; position < value.Length;)
        {
            var piece = value.ReadFrom(position);
            _crc.Append(piece);
            position += piece.Length;
        }
    }

    private void TakeContent(in BoltEntry entry)
    {
        switch (_bucket)
        {
            case Bucket.Key:
                TakeRevision(entry);
                break;
            case Bucket.Meta:
                _meta.Take(entry);
                break;
            case Bucket.Lease:
                _leases++;
                break;
        }
    }

    private void TakeRevision(in BoltEntry entry)
    {
        if (!RevisionKey.TryParse(entry.Key, out var revision))
        {
            throw new BoltException($"The database is damaged: entry {_revisions + 1} of the bucket key has a key that is no revision.");
        }

        if (!KeyValueReader.TryFindKey(entry.Value, out var offset, out var length))
        {
            throw new BoltException($"The database is damaged: the value at revision {revision.Main} is no mvccpb.KeyValue.");
        }

        _revisions++;
        _lastRevision = revision.Main;
        _tombstones += revision.IsTombstone ? 1 : 0;

        // etcdutl restore --bump-revision leaves an empty value behind: a revision without a key.
        if (length > 0)
        {
            _keys.Take(entry.Value, offset, length, revision.IsTombstone);
        }
    }

    private DatabaseContents Contents(BoltPages pages) => new()
    {
        // As etcd itself restores it (etcd 3.5, mvcc/kvstore.go, restore): compactions may have removed the newest revisions.
        Revision = Math.Max(Math.Max(1, _lastRevision), Math.Max(_meta.FinishedCompaction, _meta.ScheduledCompaction)),
        CompactedRevision = _meta.FinishedCompaction,
        Revisions = _revisions,
        Tombstones = _tombstones,
        Keys = _keys.Count,
        Prefixes = _keys.ByPrefix,
        Leases = _leases,
        ConsistentIndex = _meta.ConsistentIndex,
        Status = new SnapshotStatus(_crc.Value, _lastRevision, _entries, pages.Total * pages.PageSize),
        Pages = pages,
    };
}
