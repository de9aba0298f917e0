using Ebb.Oci;

namespace Ebb.Signing;

/// <summary>Writes and verifies the signatures of images in a registry.</summary>
public sealed class ImageSigner
{
    private readonly RegistryClients registries;
    private readonly ISigner signer;
    private readonly IReadOnlyList<SignatureFormat> formats;

    /// <summary>Creates the signer.</summary>
    public ImageSigner(RegistryClients registries, ISigner signer, IReadOnlyList<SignatureFormat> formats, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.registries = registries;
        this.signer = signer;
        this.formats = formats;
    }

    /// <summary>The formats of this configuration in which a manifest has no valid signature by the key that signs now.</summary>
    public Task<IReadOnlyList<SignatureFormat>> FindMissingAsync(string registry, string repository, Digest subject, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{registries.GetHashCode()}{signer}{formats.Count}");

    /// <summary>
    /// Writes the signatures that are missing for a manifest that is in the registry, reads them back and verifies them.
    /// Existing signatures, by whatever key, stay.
    /// </summary>
    /// <returns>The formats that were written; empty when all were there.</returns>
    /// <exception cref="SigningException">The key cannot be used, or what was read back does not verify.</exception>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public Task<IReadOnlyList<SignatureFormat>> SignAsync(string registry, string repository, Descriptor subject, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{registries.GetHashCode()}{signer}{formats.Count}");
}
