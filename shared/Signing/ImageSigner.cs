using System.Security.Cryptography;
using Ebb.Oci;
using Ebb.Signing.Formats;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Signing;

/// <summary>Writes and verifies the signatures of images in a registry. Safe for concurrent use.</summary>
public sealed class ImageSigner
{
    private readonly RegistryClients _registries;
    private readonly ISigner _signer;
    private readonly IReadOnlyList<SignatureFormat> _formats;
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private readonly CosignSignatureFormat _cosign;
    private readonly SigstoreBundleFormat _bundle;

    /// <summary>Creates the signer.</summary>
    public ImageSigner(
        RegistryClients registries, ISigner signer, IReadOnlyList<SignatureFormat> formats, TimeProvider time, ILogger<ImageSigner>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _registries = registries;
        _signer = signer;
        _formats = [.. formats.Distinct()];
        _cosign = new CosignSignatureFormat(time, logger ?? NullLogger<ImageSigner>.Instance);
        _bundle = new SigstoreBundleFormat(time);
    }

    /// <summary>
    /// The formats of this configuration in which a manifest has no valid signature by the key that signs now. Asks for the
    /// manifest's descriptor first; give the descriptor when it is known.
    /// </summary>
    /// <exception cref="SigningException">The key cannot be used, or the manifest does not exist.</exception>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public async Task<IReadOnlyList<SignatureFormat>> FindMissingAsync(string registry, string repository, Digest subject, CancellationToken cancellationToken)
    {
        var descriptor = await _registries.For(registry).HeadManifestAsync(repository, subject.ToString(), cancellationToken)
            ?? throw new SigningException($"{registry}/{repository}@{subject} does not exist, so it has no signatures. Push the manifest first.");
        return await FindMissingAsync(registry, repository, descriptor with { Digest = subject }, cancellationToken);
    }

    /// <summary>
    /// The formats of this configuration in which a manifest has no valid signature by the key that signs now. Costs one request
    /// for each format when the signatures are those written here. Signatures by others, invalid ones and garbage never count.
    /// </summary>
    /// <param name="registry">The registry.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">The manifest: media type, digest and size as the registry gives them.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public Task<IReadOnlyList<SignatureFormat>> FindMissingAsync(string registry, string repository, Descriptor subject, CancellationToken cancellationToken) =>
        FindMissingAsync(registry, repository, subject, _formats, cancellationToken);

    /// <summary>
    /// Those of the given formats in which a manifest has no valid signature by the key that signs now. Costs one request for each.
    /// </summary>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public async Task<IReadOnlyList<SignatureFormat>> FindMissingAsync(
        string registry, string repository, Descriptor subject, IReadOnlyList<SignatureFormat> formats, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(formats);
        var image = new SignedImage(_registries.For(registry), repository, subject);
        var keys = await _signer.GetPublicKeysAsync(cancellationToken);
        var signed = await Task.WhenAll(formats.Select(format => Of(format).IsSignedAsync(image, keys[0], cancellationToken)));
        return [.. formats.Where((_, index) => !signed[index])];
    }

    /// <summary>The SHA-256 of the public key that verifies what is signed now, in hex.</summary>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    public async Task<string> GetFingerprintAsync(CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(SHA256.HashData((await _signer.GetPublicKeysAsync(cancellationToken))[0].ExportSubjectPublicKeyInfo()));

    /// <summary>
    /// Writes the signatures that are missing for a manifest that is in the registry, reads them back and verifies them.
    /// Existing signatures, by whatever key, stay.
    /// </summary>
    /// <exception cref="SigningException">The key cannot be used, or what was read back does not verify.</exception>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public Task<IReadOnlyList<SignatureFormat>> SignAsync(string registry, string repository, Descriptor subject, CancellationToken cancellationToken) =>
        SignAsync(registry, repository, subject, _formats, cancellationToken);

    /// <summary>Writes those of the given formats that are missing for a manifest that is in the registry, reads them back and verifies them.</summary>
    /// <returns>The formats that were written; empty when all were there.</returns>
    /// <exception cref="SigningException">The key cannot be used, or what was read back does not verify.</exception>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public async Task<IReadOnlyList<SignatureFormat>> SignAsync(
        string registry, string repository, Descriptor subject, IReadOnlyList<SignatureFormat> formats, CancellationToken cancellationToken)
    {
        // The same image may be wanted under several tags at once, and is signed once.
        var gate = _gates[(int)((uint)HashCode.Combine(registry, repository, subject.Digest) % _gates.Length)];
        await gate.WaitAsync(cancellationToken);
        try
        {
            var missing = await FindMissingAsync(registry, repository, subject, formats, cancellationToken);
            var image = new SignedImage(_registries.For(registry), repository, subject);
            foreach (var format in missing)
            {
                await Of(format).WriteAsync(image, _signer, cancellationToken);
            }

            return missing;
        }
        finally
        {
            gate.Release();
        }
    }

    private ISignatureFormat Of(SignatureFormat format) => format == SignatureFormat.Cosign ? _cosign : _bundle;
}
