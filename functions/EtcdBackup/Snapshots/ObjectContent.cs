using System.Security.Cryptography;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>A stored object while it is read: at its end its SHA-256 must be the one that the sidecar names.</summary>
internal sealed class ObjectContent(Stream download, StoredSnapshot snapshot) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The object's SHA-256 in hexadecimal; null until its end was reached.</summary>
    public string? Sha256 { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => download.Length;

    public override long Position { get => download.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await download.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        if (read == 0 && buffer.Length > 0 && Sha256 is null)
        {
            Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
            Check(Sha256);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await download.DisposeAsync();
        await base.DisposeAsync();
    }

    private void Check(string found)
    {
        if (snapshot.Sidecar is { } sidecar && !string.Equals(found, sidecar.ObjectSha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new SnapshotException(
                SnapshotFailure.Changed,
                $"{snapshot.Name} is not what was stored: its SHA-256 is {found}, and its sidecar says {sidecar.ObjectSha256}. Take another snapshot, and find out who changed this one.");
        }
    }
}
