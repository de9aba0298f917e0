using System.Security.Cryptography;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>
/// Computes what etcd promises of a snapshot while it passes: a bbolt file in pages of at least 512 bytes, then the SHA-256 of it
/// (etcd v3.5, server/etcdserver/api/v3rpc/maintenance.go). Holds back the last 32 bytes, which nobody can know to be the last.
/// </summary>
public sealed class SnapshotDigest : IDisposable
{
    /// <summary>The length of what follows the file.</summary>
    public const int TrailerBytes = SHA256.HashSizeInBytes;

    private const int SmallestPage = 512;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _held = new byte[TrailerBytes];
    private int _heldCount;

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Takes what comes next.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        Length += data.Length;
        if (data.Length >= TrailerBytes)
        {
            _hash.AppendData(_held, 0, _heldCount);
            _hash.AppendData(data[..^TrailerBytes]);
            data[^TrailerBytes..].CopyTo(_held);
            _heldCount = TrailerBytes;
            return;
        }

        var surplus = Math.Max(0, _heldCount + data.Length - TrailerBytes);
        _hash.AppendData(_held, 0, surplus);
        _held.AsSpan(surplus, _heldCount - surplus).CopyTo(_held);
        data.CopyTo(_held.AsSpan(_heldCount - surplus));
        _heldCount += data.Length - surplus;
    }

    /// <summary>Checks the whole, once it has come, and gives its SHA-256 in lower-case hexadecimal, trailer included.</summary>
    /// <exception cref="SnapshotException">It is cut (<see cref="SnapshotFailure.Truncated"/>) or changed (<see cref="SnapshotFailure.WrongTrailer"/>).</exception>
    public string Finish()
    {
        if (Length % SmallestPage != TrailerBytes || Length == TrailerBytes)
        {
            throw new SnapshotException(
                SnapshotFailure.Truncated,
                Length == 0
                    ? "The snapshot is empty: nothing came before its end."
                    : $"The snapshot is cut off: {Length} bytes came, which is no whole number of pages with the SHA-256 behind it.");
        }

        var content = _hash.GetCurrentHash();
        if (!content.AsSpan().SequenceEqual(_held))
        {
            throw new SnapshotException(
                SnapshotFailure.WrongTrailer,
                $"The snapshot of {Length} bytes is damaged: the SHA-256 at its end is not that of what came before. Part of it was lost or changed on the way.");
        }

        _hash.AppendData(_held);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
