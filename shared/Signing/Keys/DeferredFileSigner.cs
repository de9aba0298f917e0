using System.Security.Cryptography;

namespace Ebb.Signing.Keys;

/// <summary>Signs with an encrypted key file whose public key is known; decrypts at the first signature.</summary>
internal sealed class DeferredFileSigner(ECDsa publicKey, Func<ECDsa> decrypt, string description) : ISigner
{
    private readonly IReadOnlyList<ECDsa> _keys = [publicKey];
    private readonly Lock _gate = new();
    private Task<FileSigner>? _signer;

    public string Description => description;

    public async ValueTask<Signature> SignAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        var signer = await SignerAsync().WaitAsync(cancellationToken);
        return await signer.SignAsync(sha256, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ECDsa>> GetPublicKeysAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_keys);

    // Once for all who wait; what failed is tried again, as the password file may be corrected.
    private Task<FileSigner> SignerAsync()
    {
        lock (_gate)
        {
            return _signer is null or { IsFaulted: true } ? _signer = Task.Run(Open) : _signer;
        }
    }

    private FileSigner Open()
    {
        var key = decrypt();
        if (key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey.ExportSubjectPublicKeyInfo()))
        {
            return new FileSigner(key, description);
        }

        key.Dispose();
        throw new SigningException($"The key file {description} holds another key than when this process started. Start it again to use the new one.");
    }
}
