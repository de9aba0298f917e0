using Microsoft.Win32.SafeHandles;

namespace Ebb.Storage.File;

/// <summary>One generation of the journal, open for reading and writing.</summary>
internal class JournalFile(string path, FileMode mode) : IDisposable
{
    private readonly FileStream _file = PrivateFiles.Open(path, mode, FileShare.Read);

    /// <summary>Where it is; another name once it is published.</summary>
    public string Path { get; set; } = path;

    private SafeFileHandle Handle => _file.SafeFileHandle;

    public long Length => RandomAccess.GetLength(Handle);

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(Handle, bytes, offset);

    /// <summary>Returns when everything written is on the disk (fsync).</summary>
    public virtual void Flush() => RandomAccess.FlushToDisk(Handle);

    public virtual void Truncate(long length) => RandomAccess.SetLength(Handle, length);

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(Handle, buffer[total..], offset + total) is > 0 and var read)
            total += read;
        return total;
    }

    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }
}
