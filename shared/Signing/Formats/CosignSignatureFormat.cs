using System.Security.Cryptography;
using Ebb.Oci;
using Microsoft.Extensions.Logging;

namespace Ebb.Signing.Formats;

/// <summary>
/// The tag <c>sha256-….sig</c>. Looking costs one request, GET of its manifest: the payload is the same whenever it is made,
/// so its digest in the layer says that the content is right. A blob is read only for a signature by our key over another
/// payload, such as cosign makes for another name of the same image.
/// </summary>
internal sealed partial class CosignSignatureFormat(TimeProvider time, ILogger logger) : ISignatureFormat
{
    private const int MaxSignatures = 500;
    private const int MaxPayloadsRead = 8;
    private const int MaxWrites = 5;
    private static readonly TimeSpan PauseAfterLoss = TimeSpan.FromMilliseconds(200);

    public static string TagOf(Digest subject) => $"{subject.Algorithm}-{subject.Hex}.sig";

    public async Task<bool> IsSignedAsync(SignedImage image, ECDsa key, CancellationToken cancellationToken) =>
        await ReadAsync(image, cancellationToken) is { } manifest && await FindAsync(image, manifest, key, cancellationToken) is not null;

    public async Task WriteAsync(SignedImage image, ISigner signer, CancellationToken cancellationToken)
    {
        var payload = SimpleSigning.Payload(image.Name, image.Subject.Digest);
        var hash = SHA256.HashData(payload);
        var signature = await signer.SignAsync(hash, cancellationToken);
        if (!EcdsaSignatures.Verifies(signature.PublicKey, hash, signature.Der))
        {
            throw new SigningException($"The signature that {signer.Description} made for {image} does not verify with its own public key.");
        }

        // Another process may write the same tag: what it wrote is kept, and what it overwrote is written again.
        for (var writes = 0; ; writes++)
        {
            var manifest = await ReadAsync(image, cancellationToken);
            if (manifest is not null && await FindAsync(image, manifest, signature.PublicKey, cancellationToken) is { } layer)
            {
                await VerifyPayloadAsync(image, layer, cancellationToken);
                return;
            }

            if (writes == MaxWrites)
            {
                throw new SigningException(
                    $"The signature of {image} was written {MaxWrites} times to the tag {TagOf(image.Subject.Digest)} and is not there when read back. "
                    + "Does another process rewrite this tag, or does a cache answer for the registry?");
            }

            if (writes > 0)
            {
                await Task.Delay(PauseAfterLoss * writes, time, cancellationToken);
            }

            await AppendAsync(image, manifest, payload, signature.Der, cancellationToken);
        }
    }

    private static async Task AppendAsync(SignedImage image, Manifest? existing, byte[] payload, byte[] signature, CancellationToken cancellationToken)
    {
        var kept = existing is null ? [] : CosignSignatureManifest.Signatures(existing);
        var tag = TagOf(image.Subject.Digest);
        if (kept.Count >= MaxSignatures)
        {
            throw new SigningException($"{image.Name}:{tag} holds {kept.Count} signatures, and more than {MaxSignatures} are not written. Delete the tag; it is then written anew.");
        }

        var blob = await image.UploadAsync(payload, SimpleSigning.MediaType, cancellationToken);
        var digests = kept.Select(layer => layer.GetProperty("digest").GetString()!).Append(blob.Digest.ToString()).ToList();
        var config = await image.UploadAsync(CosignSignatureManifest.Config(digests), MediaTypes.OciConfig, cancellationToken);
        var content = CosignSignatureManifest.Write(config, kept, blob, signature);
        await image.Client.PutManifestAsync(image.Repository, tag, Manifest.Parse(content, MediaTypes.OciManifest), RestoreAsync, cancellationToken);

        async Task RestoreAsync(CancellationToken token)
        {
            await image.UploadAsync(payload, SimpleSigning.MediaType, token);
            await image.UploadAsync(CosignSignatureManifest.Config(digests), MediaTypes.OciConfig, token);
        }
    }

    private async Task<Manifest?> ReadAsync(SignedImage image, CancellationToken cancellationToken)
    {
        var tag = TagOf(image.Subject.Digest);
        try
        {
            var manifest = await image.Client.GetManifestAsync(image.Repository, tag, cancellationToken);
            if (manifest is null || MediaTypes.IsManifest(manifest.Descriptor.MediaType))
            {
                return manifest;
            }

            LogNoSignatures(logger, $"{image.Name}:{tag}", manifest.Descriptor.MediaType);
        }
        catch (Exception exception) when (Unreadable.Is(exception))
        {
            LogNoSignatures(logger, $"{image.Name}:{tag}", exception.Message);
        }

        return null;
    }

    private static async Task<Descriptor?> FindAsync(SignedImage image, Manifest manifest, ECDsa key, CancellationToken cancellationToken)
    {
        // The newest are the last.
        var expected = Digest.Of(SimpleSigning.Payload(image.Name, image.Subject.Digest));
        var ours = CosignSignatureManifest.SignedBy(manifest with { Layers = [.. manifest.Layers.TakeLast(MaxSignatures).Reverse()] }, key).ToList();
        if (ours.Find(layer => layer.Digest == expected) is { } found)
        {
            return found;
        }

        foreach (var layer in ours.DistinctBy(layer => layer.Digest).Where(layer => layer.Size <= SimpleSigning.MaxPayloadBytes).Take(MaxPayloadsRead))
        {
            if (await ReadPayloadAsync(image, layer, cancellationToken) is { } payload && SimpleSigning.States(payload, image.Subject.Digest))
            {
                return layer;
            }
        }

        return null;
    }

    private static async Task VerifyPayloadAsync(SignedImage image, Descriptor layer, CancellationToken cancellationToken)
    {
        if (await ReadPayloadAsync(image, layer, cancellationToken) is not { } payload || !SimpleSigning.States(payload, image.Subject.Digest))
        {
            throw new SigningException($"The signature of {image} was written, but its payload {layer.Digest} cannot be read back. Mirror the image again.");
        }
    }

    private static async Task<byte[]?> ReadPayloadAsync(SignedImage image, Descriptor layer, CancellationToken cancellationToken)
    {
        try
        {
            return await image.Client.ReadBlobAsync(image.Repository, layer, SimpleSigning.MaxPayloadBytes, cancellationToken);
        }
        catch (Exception exception) when (Unreadable.Is(exception))
        {
            return null;
        }
    }
}
