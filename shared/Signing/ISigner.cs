using System.Security.Cryptography;

namespace Ebb.Signing;

/// <summary>Signs with one ECDSA P-256 key, wherever it is kept: a file here, or Vault's transit engine.</summary>
public interface ISigner
{
    /// <summary>Where the key is, for messages: <c>cosign.key</c>, <c>hashivault://platform</c>. No secret.</summary>
    string Description { get; }

    /// <summary>Signs the SHA-256 hash of a message.</summary>
    /// <returns>The ASN.1 DER signature and the public key it verifies with.</returns>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    ValueTask<Signature> SignAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken);

    /// <summary>The public keys whose signatures count as ours, the one that signs now first.</summary>
    ValueTask<IReadOnlyList<ECDsa>> GetPublicKeysAsync(CancellationToken cancellationToken);
}

/// <summary>A signature.</summary>
/// <param name="Der">ASN.1 DER.</param>
/// <param name="PublicKey">The key that verifies it.</param>
public sealed record Signature(byte[] Der, ECDsa PublicKey);
