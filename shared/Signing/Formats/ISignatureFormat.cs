using System.Security.Cryptography;

namespace Ebb.Signing.Formats;

/// <summary>A way to keep signatures in a registry.</summary>
internal interface ISignatureFormat
{
    /// <summary>True when the registry holds a valid signature of the image by this key. Nothing that others wrote makes it fail.</summary>
    Task<bool> IsSignedAsync(SignedImage image, ECDsa key, CancellationToken cancellationToken);

    /// <summary>Signs, writes beside what is there, reads back and verifies.</summary>
    /// <exception cref="SigningException">The key cannot be used, or what was read back does not verify.</exception>
    Task WriteAsync(SignedImage image, ISigner signer, CancellationToken cancellationToken);
}
