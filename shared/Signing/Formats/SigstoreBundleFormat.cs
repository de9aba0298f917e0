using System.Globalization;
using System.Security.Cryptography;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>
/// Bundles as OCI 1.1 referrers. Looking costs the list of referrers and nothing more when a bundle written here is listed
/// with its annotations; otherwise two requests for each of at most <see cref="MaxBundlesRead"/> bundles, the last listed first.
/// </summary>
internal sealed class SigstoreBundleFormat(TimeProvider time) : ISignatureFormat
{
    private const int MaxBundlesRead = 16;
    private const int MaxListed = 1000;
    private const int MaxWrites = 5;
    private static readonly TimeSpan PauseAfterLoss = TimeSpan.FromMilliseconds(200);

    public async Task<bool> IsSignedAsync(SignedImage image, ECDsa key, CancellationToken cancellationToken)
    {
        var bundles = await ListAsync(image, cancellationToken);
        if (bundles.Any(bundle => SigstoreBundleManifest.IsOurs(bundle, image.Subject, key)))
        {
            return true;
        }

        foreach (var bundle in bundles.Take(MaxBundlesRead))
        {
            if (await VerifiesAsync(image, bundle, key, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    public async Task WriteAsync(SignedImage image, ISigner signer, CancellationToken cancellationToken)
    {
        var statement = SigstoreBundle.Statement(image.Subject.Digest);
        var hash = SigstoreBundle.Hash(statement);
        var signature = await signer.SignAsync(hash, cancellationToken);
        if (!EcdsaSignatures.Verifies(signature.PublicKey, hash, signature.Der))
        {
            throw new SigningException($"The signature that {signer.Description} made for {image} does not verify with its own public key.");
        }

        var bundle = SigstoreBundle.Write(signature.PublicKey, statement, signature.Der);
        var created = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var manifest = Manifest.Parse(SigstoreBundleManifest.Write(image.Subject, bundle, signature.Der, created), MediaTypes.OciManifest);
        await UploadAsync(image, bundle, cancellationToken);
        await AttachAsync(image, manifest, bundle, signature.PublicKey, cancellationToken);
    }

    private static async Task UploadAsync(SignedImage image, byte[] bundle, CancellationToken cancellationToken)
    {
        await image.UploadAsync(SigstoreBundleManifest.EmptyConfig, MediaTypes.OciEmpty, cancellationToken);
        await image.UploadAsync(bundle, SigstoreBundle.MediaType, cancellationToken);
    }

    // Where the registry keeps no list of its own, another process may overwrite the fallback tag; the same manifest is put again.
    private async Task AttachAsync(SignedImage image, Manifest manifest, byte[] bundle, ECDsa key, CancellationToken cancellationToken)
    {
        for (var writes = 1; writes <= MaxWrites; writes++)
        {
            await image.Client.PutReferrerAsync(image.Repository, manifest, token => UploadAsync(image, bundle, token), cancellationToken);
            var listed = await image.Client.GetReferrersAsync(image.Repository, image.Subject.Digest, cancellationToken);
            if (listed.Any(referrer => referrer.Digest == manifest.Descriptor.Digest))
            {
                if (!await VerifiesAsync(image, manifest.Descriptor, key, cancellationToken))
                {
                    throw new SigningException($"The bundle {manifest.Descriptor.Digest} that signs {image} was written, but does not verify when read back. Mirror the image again.");
                }

                return;
            }

            await Task.Delay(PauseAfterLoss * writes, time, cancellationToken);
        }

        throw new SigningException(
            $"The bundle that signs {image} was written {MaxWrites} times and is not listed among the image's referrers. "
            + "Does another process rewrite the referrers tag, or does a cache answer for the registry?");
    }

    private static async Task<IReadOnlyList<Descriptor>> ListAsync(SignedImage image, CancellationToken cancellationToken)
    {
        // Lists written by cosign itself give the type of the manifest's configuration, the empty one, in place of the artifact's.
        var referrers = await image.Client.GetReferrersAsync(image.Repository, image.Subject.Digest, cancellationToken);
        return [.. referrers.Where(referrer => referrer.ArtifactType is null or MediaTypes.OciEmpty or SigstoreBundle.MediaType).TakeLast(MaxListed).Reverse()];
    }

    private static async Task<bool> VerifiesAsync(SignedImage image, Descriptor bundle, ECDsa key, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await image.Client.GetManifestAsync(image.Repository, bundle.Digest.ToString(), cancellationToken);
            return manifest is { ArtifactType: SigstoreBundle.MediaType, Layers: [{ MediaType: SigstoreBundle.MediaType, Size: <= SigstoreBundle.MaxBytes } layer] }
                && manifest.Subject?.Digest == image.Subject.Digest
                && SigstoreBundle.Verifies(
                    await image.Client.ReadBlobAsync(image.Repository, layer, SigstoreBundle.MaxBytes, cancellationToken), image.Subject.Digest, key);
        }
        catch (Exception exception) when (Unreadable.Is(exception))
        {
            // Listed and not there, or not what it claims to be: no signature.
            return false;
        }
    }
}
