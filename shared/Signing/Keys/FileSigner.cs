using System.Security.Cryptography;

namespace Ebb.Signing.Keys;

/// <summary>Signs with a key held in this process.</summary>
internal sealed class FileSigner(ECDsa key, string description) : ISigner
{
    private readonly IReadOnlyList<ECDsa> _keys = [key];

    public string Description => description;

    public ValueTask<Signature> SignAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // One instance serves every image at once, and the platform promises nothing about using it from two threads.
        lock (_keys)
        {
            return ValueTask.FromResult(new Signature(key.SignHash(sha256.Span, DSASignatureFormat.Rfc3279DerSequence), key));
        }
    }

    public ValueTask<IReadOnlyList<ECDsa>> GetPublicKeysAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_keys);
}
