using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>
/// The journal: entries are written at once and made durable for many callers together (group commit), by one thread.
/// Every member is used under the engine's lock; only the waiting for the disk happens outside.
/// </summary>
internal sealed partial class Journal
{
    private readonly Lock _lock;
    private readonly JournalDirectory _directory;
    private readonly RecordBuffer _buffer = new();
    private JournalFile _file;
    private long _length;
    private long _durable;
    private bool _untidy;

    private Journal(Lock @lock, JournalDirectory directory, JournalFile file) =>
        (_lock, _directory, _file) = (@lock, directory, file);

    /// <summary>How many bytes the file has.</summary>
    public long Length => _length;

    public string Path => _file.Path;

    /// <summary>Opens the newest generation, or makes the first. <see cref="Replay"/> comes next, then <see cref="Start"/>.</summary>
    public static Journal Open(Lock @lock, JournalDirectory directory)
    {
        if (directory.OpenLatest() is { } latest)
            return new(@lock, directory, latest);
        var first = directory.CreateNext(null);
        WriteFileHeader(first);
        first.Flush();
        directory.Publish(first);
        directory.SyncDirectory();
        return new(@lock, directory, first);
    }

    /// <summary>Applies all entries in their order and cuts off a tail that an interrupted write left.</summary>
    /// <returns>How many bytes were cut off.</returns>
    /// <exception cref="HostStorageException">The file is damaged before its tail, or is no journal of this version.</exception>
    public long Replay(Action<JournalEntry> apply)
    {
        var length = _file.Length;
        var reader = new JournalReader(_file, length);
        foreach (var entry in reader.Entries())
            apply(entry);
        if (reader.Position < length && reader.DamageIsInDurablePart())
            throw Damaged(reader.Position, length);
        _file.Truncate(reader.Position);
        // What the dead process wrote last is perhaps only in the cache; from here on it counts as stored.
        _file.Flush();
        _length = _durable = reader.Position;
        return length - reader.Position;
    }

    /// <summary>Writes entries. They survive the end of the process at once, a power failure after <see cref="CommitAsync"/>.</summary>
    /// <exception cref="HostStorageException">They could not be written; the file is as it was.</exception>
    public void Append(IReadOnlyList<JournalEntry> entries)
    {
        try
        {
            foreach (var entry in entries)
                _buffer.Add(entry, _durable);
            Tidy();
            _untidy = true;
            _file.Write(_buffer.Written, _length);
            _untidy = false;
            _length += _buffer.Written.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryTidy();
            throw NotStored(e);
        }
        finally
        {
            _buffer.Clear();
        }
    }

    /// <summary>Takes back what is not durable, after the disk refused to make it so.</summary>
    public void Rollback()
    {
        _rollbacks++;
        _untidy = true;
        _length = _durable;
        Tidy();
    }

    private HostStorageException NotStored(Exception cause) => new(
        $"Nothing was stored: {_file.Path} could not be written ({cause.Message}). "
        + "Check the free space and the health of that disk; storing goes on by itself once it can be written.", cause);

    private HostStorageException Damaged(long offset, long length) => new(
        $"{_file.Path} is damaged at offset {offset} of {length}: the record there fails its checksum, and intact records follow, "
        + "so this is no interrupted write. Nothing was changed. Restore the directory from a backup. To go on with what stands "
        + $"before the damage and lose everything behind it, copy the file and then run: truncate --size={offset} '{_file.Path}'");

    /// <summary>Removes what a failed write left behind the last record.</summary>
    private void Tidy()
    {
        if (!_untidy)
            return;
        _file.Truncate(_length);
        _untidy = false;
    }

    private void TryTidy()
    {
        try
        {
            Tidy();
        }
        catch (IOException)
        {
            // The next append tries again before it writes.
        }
    }

    private static void WriteFileHeader(JournalFile file)
    {
        Span<byte> header = stackalloc byte[JournalFormat.FileHeaderLength];
        JournalFormat.WriteFileHeader(header);
        file.Write(header, 0);
    }
}
