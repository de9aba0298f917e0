namespace Ebb.Signing;

/// <summary>
/// Remembers the public keys of encrypted key files, so that who only verifies need not decrypt. It decides which signatures
/// count as ours: keep it where the key file could be kept.
/// </summary>
public interface IPublicKeyMemory
{
    /// <summary>The public key, in PEM, of the key file with this SHA-256 (hex); null when it is not known.</summary>
    ValueTask<string?> FindAsync(string fileHash, CancellationToken cancellationToken);

    /// <summary>Remembers it. May fail silently: the file is then decrypted again.</summary>
    ValueTask RememberAsync(string fileHash, string publicKeyPem, CancellationToken cancellationToken);
}
