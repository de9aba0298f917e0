using System.Text.Json;
using Ebb.Signing;
using Ebb.Storage;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Keeps the public keys of encrypted key files, by the file's hash; those of replaced files go after a quarter of a year.</summary>
internal sealed class PublicKeyMemory(MirrorMemory memory, TimeProvider time) : IPublicKeyMemory
{
    private const string Prefix = "image-mirror/public-keys/";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public async ValueTask<string?> FindAsync(string fileHash, CancellationToken cancellationToken) =>
        await memory.GetAsync(Prefix + fileHash, cancellationToken) is { } document
            ? document.ReadOrNull(MemoryJson.Default.KnownPublicKey)?.PublicKey
            : null;

    public async ValueTask RememberAsync(string fileHash, string publicKeyPem, CancellationToken cancellationToken)
    {
        var value = JsonSerializer.Serialize(new KnownPublicKey { PublicKey = publicKeyPem }, MemoryJson.Default.KnownPublicKey);
        await memory.PutAsync(Prefix + fileHash, value, cancellationToken);
        foreach (var old in (await memory.ListAsync(Prefix, cancellationToken)).Where(document => time.GetUtcNow() - document.UpdatedAt > Kept))
        {
            await memory.DeleteAsync(old, cancellationToken);
        }
    }
}
