namespace Ebb.EtcdBackup.Compression;

/// <summary>What the two streams of zstd have in common: one direction, asynchronous, no seeking.</summary>
public abstract class ZstdStream : Stream
{
    private protected ZstdStream()
    {
    }

    public override bool CanRead => false;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This zstd stream is written, not read.");

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This zstd stream is read, not written.");

    /// <summary>Refused: it would block a thread.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A zstd stream is read asynchronously.");

    /// <summary>Refused: it would block a thread.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A zstd stream is written asynchronously.");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
