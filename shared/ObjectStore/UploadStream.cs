using System.Security.Cryptography;

namespace Ebb.ObjectStore;

/// <summary>
/// An object being written, front to back. Ends with <see cref="CompleteAsync"/>; disposed without it, it is aborted and leaves nothing. Not for
/// concurrent use. After an exception from a write only <see cref="AbortAsync"/> and disposal make sense.
/// </summary>
public abstract class UploadStream : Stream
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _ended;

    /// <summary>Begins an upload.</summary>
    protected UploadStream(ObjectKey key) => Key = key;

    /// <summary>The key it is for.</summary>
    public ObjectKey Key { get; }

    /// <summary>Bytes accepted so far.</summary>
    public long BytesWritten { get; private set; }

    /// <inheritdoc/>
    public sealed override bool CanRead => false;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => !_ended;

    /// <summary>The bytes accepted so far.</summary>
    public sealed override long Length => BytesWritten;

    /// <summary>The bytes accepted so far; cannot be set.</summary>
    public sealed override long Position
    {
        get => BytesWritten;
        set => throw new NotSupportedException();
    }

    /// <summary>Accepts bytes; waits while the store is slower than the writer.</summary>
    /// <exception cref="ObjectStoreException">The store refuses or fails; it may be about bytes that were accepted earlier.</exception>
    public sealed override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        await AcceptAsync(buffer, cancellationToken);
        _sha256.AppendData(buffer.Span);
        BytesWritten += buffer.Length;
    }

    /// <inheritdoc/>
    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>
    /// Makes the object visible under its key, whole. It has returned only when the store has confirmed it and has said on being asked
    /// again that an object of this length is there. That the content is right is known only from reading it back.
    /// </summary>
    /// <exception cref="ObjectStoreException">The object is not stored; or <see cref="ObjectStoreFault.Corrupt"/>: it is, but not as it was sent.</exception>
    public async Task<StoredObject> CompleteAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        var sha256 = Convert.ToHexStringLower(_sha256.GetCurrentHash());
        var stored = await FinishAsync(sha256, cancellationToken);
        _ended = true;
        return stored;
    }

    /// <summary>Gives the upload up. What the store keeps of it is removed; where that fails, <see cref="IObjectStore.RemoveStaleUploadsAsync"/> finds it later.</summary>
    public async Task AbortAsync(CancellationToken cancellationToken)
    {
        if (!_ended)
        {
            _ended = true;
            await GiveUpAsync(cancellationToken);
        }
    }

    /// <summary>Aborts what was not completed.</summary>
    public sealed override async ValueTask DisposeAsync()
    {
        await AbortAsync(CancellationToken.None);
        _sha256.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does nothing: how bytes are gathered is the store's affair.</summary>
    public sealed override void Flush()
    {
    }

    /// <summary>Does nothing: how bytes are gathered is the store's affair.</summary>
    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported: writing is asynchronous.</summary>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use WriteAsync.");

    /// <summary>Not supported.</summary>
    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Takes bytes over before it returns.</summary>
    protected abstract ValueTask AcceptAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Makes everything accepted visible.</summary>
    protected abstract Task<StoredObject> FinishAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Removes everything accepted.</summary>
    protected abstract Task GiveUpAsync(CancellationToken cancellationToken);
}
