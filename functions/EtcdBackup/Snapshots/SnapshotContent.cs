using Ebb.Age;
using Ebb.EtcdBackup.Compression;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>Opens stored snapshots for reading: downloads, decrypts, decompresses, all in bounded memory.</summary>
public static class SnapshotContent
{
    /// <summary>
    /// Opens the snapshot itself, as etcd gave it. At the end of the object its SHA-256 is compared with the sidecar's; that the snapshot
    /// is whole is for the reader to find out (<see cref="SnapshotDigest"/>, or a drill).
    /// </summary>
    /// <param name="snapshot">Which one.</param>
    /// <param name="identities">Who it may be encrypted to; needed only for an encrypted one.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AgeException">It is encrypted to others, or was changed.</exception>
    /// <exception cref="SnapshotException">It is encrypted and there is no identity; while reading: it is not what its sidecar says.</exception>
    /// <exception cref="ObjectStore.ObjectStoreException">The store fails.</exception>
    public static async Task<Stream> OpenAsync(
        StoredSnapshot snapshot, IReadOnlyCollection<AgeIdentity> identities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(identities);
        if (snapshot.Name.IsEncrypted && identities.Count == 0)
        {
            throw new SnapshotException(SnapshotFailure.LoginRefused, $"{snapshot.Name} is encrypted; give the file with the identity that decrypts it (--identity, or EtcdBackup:AgeIdentityFile for drills).");
        }

        return await DecodeAsync(new ObjectContent(await snapshot.Place.Store.OpenDownloadAsync(snapshot.Place.KeyOf(snapshot.Name), null, cancellationToken), snapshot), snapshot.Name, identities, cancellationToken);
    }

    /// <summary>Decrypts and decompresses what the name says is encrypted and compressed; disposes the object with the stream, or on failure.</summary>
    internal static async Task<Stream> DecodeAsync(Stream content, SnapshotName name, IReadOnlyCollection<AgeIdentity> identities, CancellationToken cancellationToken)
    {
        try
        {
            var stream = name.IsEncrypted ? await AgeDecryptStream.OpenAsync(content, identities, leaveOpen: false, cancellationToken) : content;
            return name.IsCompressed ? new ZstdDecompressStream(stream, leaveOpen: false) : stream;
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }
}
