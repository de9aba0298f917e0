using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>
/// Counts the keys that exist, from their revisions in order. It remembers 64 bits of a salted hash of each: of five million
/// keys, two are taken for one in one count of a million.
/// </summary>
internal sealed class LiveKeys : IDisposable
{
    private const int SaltBytes = 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(SaltBytes);
    private readonly FingerprintSet _live;
    private readonly PrefixCounts _prefixes = new();

    public LiveKeys(int maxKeys) => _live = new FingerprintSet(maxKeys);

    /// <summary>Null when there were too many to count.</summary>
    public long? Count => _live.IsOverfull ? null : _live.Count;

    public IReadOnlyDictionary<string, long>? ByPrefix => _live.IsOverfull ? null : _prefixes.Counts;

    /// <summary>Takes the next revision of the key that stands in <paramref name="value"/>.</summary>
    public void Take(BoltValue value, long offset, int length, bool isTombstone)
    {
        var fingerprint = Fingerprint(value, offset, length);
        var key = value.Read(offset, Math.Min(length, PrefixCounts.MaxBytes));
        if (isTombstone ? _live.Remove(fingerprint) : _live.Add(fingerprint))
        {
            _prefixes.Add(key, isTombstone ? -1 : 1);
        }
    }

    public void Dispose() => _hash.Dispose();

    private ulong Fingerprint(BoltValue value, long offset, int length)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.AppendData(_salt);
        while (length > 0)
        {
            var piece = value.Read(offset, Math.Min(length, Window.MaxBytes));
            _hash.AppendData(piece);
            (offset, length) = (offset + piece.Length, length - piece.Length);
        }

        _hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }
}
