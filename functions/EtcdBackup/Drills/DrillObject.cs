using Ebb.Age;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Drills;

/// <summary>Brings a stored snapshot here. At its end the object's SHA-256 is compared with the sidecar's.</summary>
internal sealed class DrillObject(StoredSnapshot snapshot, Action<string> progress)
{
    private const int BufferBytes = 256 * 1024;
    private const long TellEvery = 16 * 1024 * 1024;

    /// <summary>Reads the object and nothing in it, and gives its SHA-256.</summary>
    /// <exception cref="SnapshotException">It is not what was stored.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        await using var content = await OpenAsync(cancellationToken);
        var buffer = new byte[BufferBytes];
        while (await content.ReadAsync(buffer, cancellationToken) > 0)
        {
            // What is read counts for the SHA-256 only.
        }

        return content.Sha256!;
    }

    /// <summary>Fills the spool with the snapshot, decrypted and decompressed, and gives both SHA-256.</summary>
    /// <exception cref="SnapshotException">It is not what was stored, cut, or damaged.</exception>
    /// <exception cref="AgeException">It cannot be decrypted.</exception>
    /// <exception cref="Compression.ZstdException">It cannot be decompressed.</exception>
    public async Task<DrillDigests> FillAsync(EncryptedSpool spool, IReadOnlyCollection<AgeIdentity> identities, CancellationToken cancellationToken)
    {
        var content = await OpenAsync(cancellationToken);
        await using var plain = await SnapshotContent.DecodeAsync(content, snapshot.Name, identities, cancellationToken);
        using var digest = new SnapshotDigest();
        var buffer = new byte[BufferBytes];
        var told = 0L;
        for (int read; (read = await plain.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            digest.Append(buffer.AsSpan(0, read));
            await spool.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
            if (digest.Length - told >= TellEvery)
            {
                told = digest.Length;
                progress($"{snapshot.Name}: {Shown.Bytes(told)} read");
            }
        }

        var sha256 = digest.Finish();
        await spool.CompleteAsync(SnapshotDigest.TrailerBytes, cancellationToken);
        return new DrillDigests(content.Sha256!, snapshot.Bytes, sha256, digest.Length);
    }

    private async Task<ObjectContent> OpenAsync(CancellationToken cancellationToken) =>
        new(await snapshot.Place.Store.OpenDownloadAsync(snapshot.Place.KeyOf(snapshot.Name), null, cancellationToken), snapshot);
}

/// <summary>The SHA-256 and lengths of an object, and of the snapshot in it.</summary>
internal sealed record DrillDigests(string ObjectSha256, long ObjectBytes, string PlaintextSha256, long PlaintextBytes);
