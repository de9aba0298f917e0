using System.Security.Cryptography;
using Ebb.EtcdBackup.Snapshots;
using Ebb.ObjectStore;

namespace Ebb.EtcdBackup.Backups;

/// <summary>Reads a stored object back and compares it with what was sent: its SHA-256, over every byte that the store gives.</summary>
internal static class ReadBack
{
    private const int BufferBytes = 256 * 1024;

    /// <exception cref="SnapshotException">The store gives something else back (<see cref="SnapshotFailure.ReadBack"/>).</exception>
    /// <exception cref="ObjectStoreException">It cannot be read.</exception>
    public static async Task CompareAsync(SnapshotPlace place, StoredObject sent, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stored = await place.Store.OpenDownloadAsync(sent.Key, null, cancellationToken);
        var buffer = new byte[BufferBytes];
        long length = 0;
        for (int read; (read = await stored.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
        }

        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (length != sent.Size || sha256 != sent.Sha256)
        {
            throw new SnapshotException(
                SnapshotFailure.ReadBack,
                $"{place.Store.Address} does not give back what was stored as {sent.Key}: {length} bytes with SHA-256 {sha256} instead of {sent.Size} bytes with {sent.Sha256}. "
                + "The backup does not count. Look at the store and at what is between (proxies, caches).");
        }
    }
}
