using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>Reads a journal from its beginning and judges the damage where it stops being readable.</summary>
internal sealed class JournalReader(string path, SafeFileHandle file)
{
    private const int BlockLength = 1024 * 1024;

    private readonly long _length = RandomAccess.GetLength(file);
    private readonly byte[] _header = new byte[JournalFormat.RecordHeaderLength];
    private byte[] _block = [];
    private long _blockOffset;

    /// <summary>The offset behind the last intact record.</summary>
    public long Position { get; private set; }

    /// <summary>How many bytes behind that are no record.</summary>
    public long Left => _length - Position;

    /// <summary>Every intact entry up to the end or the first damage.</summary>
    /// <exception cref="HostStorageException">The file is no journal of this version, or an entry is unknown.</exception>
    public IEnumerable<JournalEntry> Entries()
    {
        CheckFileHeader();
        Position = JournalFormat.FileHeaderLength;
        while (ReadRecord(Position) is { } payload)
        {
            yield return Parse(payload);
            Position += JournalFormat.RecordHeaderLength + payload.Length;
        }
    }

    /// <summary>Whether behind <see cref="Position"/> stands a record that was written when the damaged place was durable already.</summary>
    /// <remarks>
    /// Records behind the damage that do not say so belong to a last write that a power failure left incomplete:
    /// nothing of it was reported as done.
    /// </remarks>
    public bool DamageIsInDurablePart()
    {
        var offset = Position + 1;
        while (FindMagic(offset) is { } found)
        {
            if (ReadRecord(found) is { } payload)
            {
                if (JournalFormat.ReadRecordHeader(_header)!.Value.Durable > Position)
                    return true;
                offset = found + JournalFormat.RecordHeaderLength + payload.Length;
            }
            else
            {
                offset = found + 1;
            }
        }
        return false;
    }

    /// <summary>The payload of the record at an offset; null when none is intact there.</summary>
    public byte[]? ReadRecord(long offset)
    {
        if (!Read(_header, offset) || JournalFormat.ReadRecordHeader(_header) is not { } header)
            return null;
        if (offset + JournalFormat.RecordHeaderLength + header.Length > _length)
            return null;
        var payload = new byte[header.Length];
        return Read(payload, offset + JournalFormat.RecordHeaderLength) && JournalFormat.IsIntact(_header, payload)
            ? payload
            : null;
    }

    private void CheckFileHeader()
    {
        var header = new byte[JournalFormat.FileHeaderLength];
        if (!Read(header, 0) || JournalFormat.ReadFileHeader(header) is not { } version)
        {
            throw new HostStorageException(
                $"{path} is not a journal: its first {JournalFormat.FileHeaderLength} bytes are damaged or those of something else. "
                + "Restore the directory from a backup. To begin with an empty store instead, move the file away.");
        }
        if (version != JournalFormat.Version)
        {
            throw new HostStorageException(
                $"{path} is a journal of version {version}; this program reads version {JournalFormat.Version}. "
                + "Run the program version that wrote it, or let this one use another directory (setting Storage).");
        }
    }

    private JournalEntry Parse(byte[] payload)
    {
        try
        {
            return JournalCodec.Decode(payload);
        }
        catch (JsonException e)
        {
            throw new HostStorageException(
                $"{path} holds at offset {Position} an intact record that this program does not understand ({e.Message}). "
                + "A newer version wrote it: run that version, or restore a backup from before it.", e);
        }
    }

    private long? FindMagic(long offset)
    {
        var block = new byte[BlockLength];
        while (offset < _length)
        {
            var read = RandomAccess.Read(file, block, offset);
            var index = block.AsSpan(0, read).IndexOf(JournalFormat.Magic);
            if (index >= 0)
                return offset + index;
            if (read < block.Length)
                return null;
            offset += read - JournalFormat.Magic.Length + 1;
        }
        return null;
    }

    private bool Read(Span<byte> target, long offset)
    {
        if (offset + target.Length > _length)
            return false;
        if (target.Length > BlockLength)
            return ReadAll(target, offset);
        if (offset < _blockOffset || offset + target.Length > _blockOffset + _block.Length)
        {
            _block = new byte[Math.Min(BlockLength, _length - offset)];
            _blockOffset = offset;
            if (!ReadAll(_block, offset))
                return false;
        }
        _block.AsSpan((int)(offset - _blockOffset), target.Length).CopyTo(target);
        return true;
    }

    private bool ReadAll(Span<byte> target, long offset)
    {
        var total = 0;
        while (total < target.Length && RandomAccess.Read(file, target[total..], offset + total) is > 0 and var read)
            total += read;
        return total == target.Length;
    }
}
