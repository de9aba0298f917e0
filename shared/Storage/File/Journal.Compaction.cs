using Ebb.Storage.State;

namespace Ebb.Storage.File;

internal sealed partial class Journal
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Remembers what a compaction needs to know of this moment, in which its snapshot is taken.</summary>
    public CompactionStart BeginCompaction() => new(_length, _rollbacks);

    /// <summary>
    /// Writes a new generation: the snapshot, outside the lock, then under it what was written since, then the switch. The
    /// old generation stays until the new one's name is durable, so that every moment has one whole journal.
    /// </summary>
    /// <returns>False: the store was closed or rolled back in the meantime; nothing changed.</returns>
    public bool Compact(CompactionStart start, IReadOnlyList<JournalEntry> snapshot)
    {
        var next = _directory.CreateNext(Path);
        var published = false;
        try
        {
            var length = WriteSnapshot(next, snapshot);
            next.Flush();
            lock (_lock)
            {
                if (_stopping || _rollbacks != start.Rollbacks)
                    return false;
                length = CopyTail(next, start.Length, length);
                next.Flush();
                _directory.Publish(next);
                published = true;
                Switch(next, length);
            }
            return true;
        }
        finally
        {
            if (!published)
            {
                next.Dispose();
                TryDelete(next.Path);
            }
        }
    }

    private static long WriteSnapshot(JournalFile next, IReadOnlyList<JournalEntry> snapshot)
    {
        WriteFileHeader(next);
        long length = JournalFormat.FileHeaderLength;
        var buffer = new RecordBuffer();
        foreach (var entry in snapshot)
        {
            buffer.Add(entry, durable: 0);
            if (buffer.Written.Length >= ChunkBytes)
                length = Write(next, buffer, length);
        }
        return Write(next, buffer, length);
    }

    private long CopyTail(JournalFile next, long from, long to)
    {
        var reader = new JournalReader(_file, _length);
        var buffer = new RecordBuffer();
        var durable = to;
        while (from < _length)
        {
            var payload = reader.ReadRecord(from)
                ?? throw new IOException($"{_file.Path} cannot be read back at offset {from}.");
            from += JournalFormat.RecordHeaderLength + payload.Length;
            buffer.Add(payload, durable);
            if (buffer.Written.Length >= ChunkBytes)
                to = Write(next, buffer, to);
        }
        return Write(next, buffer, to);
    }

    private static long Write(JournalFile file, RecordBuffer buffer, long offset)
    {
        file.Write(buffer.Written, offset);
        offset += buffer.Written.Length;
        buffer.Clear();
        return offset;
    }

    private void Switch(JournalFile next, long length)
    {
        var old = _file;
        (_file, _length, _durable) = (next, length, length);
        // A generation before it that is not deleted yet is older still: the next start deletes it.
        _retired = old.Path;
        _untidy = false;
        if (_flushing != old)
            old.Dispose();
        _ = CommitAsync();
    }
}

/// <summary>Where the journal ended when a snapshot was taken.</summary>
internal sealed record CompactionStart(long Length, int Rollbacks);
