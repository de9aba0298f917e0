using System.Security.Cryptography;
using Ebb.Oci;
using Ebb.Signing.Formats;
using Microsoft.Extensions.Logging;

namespace Ebb.Signing;

/// <summary>Judges images in a registry as the policy of <see cref="KyvernoPolicy"/> for a version of Kyverno does. Safe for concurrent use.</summary>
public sealed class ImageAdmission : IDisposable
{
    private readonly RegistryClients _registries;
    private readonly KyvernoVersion _kyverno;
    private readonly List<ECDsa> _keys;
    private readonly CosignSignatureFormat _cosign;
    private readonly SigstoreBundleFormat _bundle;

    /// <summary>Creates it.</summary>
    /// <param name="registries">The registries.</param>
    /// <param name="kyverno">Whose policy it is.</param>
    /// <param name="publicKeys">The policy's keys in PEM.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of what lies where signatures are looked for and is none.</param>
    /// <exception cref="ArgumentException">A key is no PEM.</exception>
    /// <exception cref="CryptographicException">A key is none of an elliptic curve.</exception>
    public ImageAdmission(RegistryClients registries, KyvernoVersion kyverno, IReadOnlyList<string> publicKeys, TimeProvider time, ILogger<ImageAdmission> logger)
    {
        ArgumentNullException.ThrowIfNull(publicKeys);
        (_registries, _kyverno) = (registries, kyverno);
        _keys = [.. publicKeys.Select(ReadKey)];
        _cosign = new CosignSignatureFormat(time, logger);
        _bundle = new SigstoreBundleFormat(time);
    }

    /// <summary>Why a pod with the image would be refused; null when it would be admitted. Signed by any one of the keys is enough.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="image">The manifest that the image's tag points to.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="RegistryException">The registry refused.</exception>
    public async Task<string?> FindProblemAsync(string registry, string repository, Descriptor image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        var client = _registries.For(registry);
        // As soon as there is any bundle, of whoever, bundles alone count.
        var isByBundle = _kyverno.ReadsBundles && (await client.GetReferrersAsync(repository, image.Digest, cancellationToken)).Any(SignatureFormats.MayBeBundle);
        ISignatureFormat format = isByBundle ? _bundle : _cosign;
        foreach (var key in _keys)
        {
            if (await format.IsSignedAsync(new SignedImage(client, repository, image), key, cancellationToken))
            {
                return null;
            }
        }

        return isByBundle ? "has bundles, and none by our key, which hides a .sig tag" : "has no signature by our key in its .sig tag";
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.ForEach(key => key.Dispose());

    private static ECDsa ReadKey(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
