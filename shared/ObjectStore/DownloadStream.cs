namespace Ebb.ObjectStore;

/// <summary>
/// An object being read, front to back. A connection that is cut is opened again where it was cut, and only for the same object: one that
/// was replaced meanwhile ends with <see cref="ObjectStoreFault.Changed"/>. Ends only after <see cref="Length"/> bytes, never early.
/// </summary>
public abstract class DownloadStream : Stream
{
    /// <summary>Begins a download of <paramref name="length"/> bytes.</summary>
    protected DownloadStream(ObjectInfo info, long length)
    {
        Info = info;
        Length = length;
    }

    /// <summary>The object it is of.</summary>
    public ObjectInfo Info { get; }

    /// <summary>How many bytes there are to read: the object's size or the range's.</summary>
    public sealed override long Length { get; }

    /// <inheritdoc/>
    public sealed override bool CanRead => true;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => false;

    /// <summary>The bytes read so far; cannot be set.</summary>
    public sealed override long Position
    {
        get => BytesRead;
        set => throw new NotSupportedException();
    }

    /// <summary>The bytes read so far.</summary>
    protected long BytesRead { get; private set; }

    /// <summary>Reads on; 0 only at the end.</summary>
    /// <exception cref="ObjectStoreException">The store fails, or the object is no longer the same.</exception>
    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || BytesRead == Length)
        {
            return 0;
        }

        var read = await ReceiveAsync(buffer[..(int)Math.Min(buffer.Length, Length - BytesRead)], cancellationToken);
        BytesRead += read;
        return read;
    }

    /// <inheritdoc/>
    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: reading is asynchronous.</summary>
    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use ReadAsync.");

    /// <summary>Does nothing.</summary>
    public sealed override void Flush()
    {
    }

    /// <summary>Not supported.</summary>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Reads what is left, of an object of at most <paramref name="maxBytes"/>.</summary>
    internal async Task<byte[]> ReadAllAsync(int maxBytes, CancellationToken cancellationToken)
    {
        if (Length > maxBytes)
        {
            throw new ObjectStoreException($"'{Info.Key}' has {Length} bytes; at most {maxBytes} were expected.", ObjectStoreFault.TooLarge);
        }

        var content = new byte[Length - BytesRead];
        await ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    /// <summary>Reads at least one byte.</summary>
    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
