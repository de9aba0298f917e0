using System.Security.Cryptography;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>The manifest that attaches a bundle to an image (cosign <c>specs/BUNDLE_SPEC.md</c>; OCI image-spec v1.1.1, Artifacts).</summary>
internal static class SigstoreBundleManifest
{
    public const string Created = "org.opencontainers.image.created";

    /// <summary>
    /// Our own: the signature. A list of referrers repeats the annotations of their manifests, and everything else in manifest
    /// and bundle follows from the image, the key and the time. So the list alone proves that a bundle of ours is there: the
    /// manifest is made again and its digest must be the one listed. A lie in the annotation only fails that.
    /// </summary>
    public const string Signature = "dev.ebb.bundle.signature";

    public static readonly byte[] EmptyConfig = "{}"u8.ToArray();

    /// <summary>The exact bytes.</summary>
    public static byte[] Write(Descriptor subject, ReadOnlySpan<byte> bundle, byte[] signature, string created)
    {
        var layer = new Descriptor { MediaType = SigstoreBundle.MediaType, Digest = Digest.Of(bundle), Size = bundle.Length };
        var config = new Descriptor { MediaType = MediaTypes.OciEmpty, Digest = Digest.Of(EmptyConfig), Size = EmptyConfig.Length };
        return CanonicalJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", MediaTypes.OciManifest);
            json.WriteString("artifactType", SigstoreBundle.MediaType);
            json.WriteDescriptor("config", config);
            json.WriteStartArray("layers");
            json.WriteStartObject();
            json.WriteMembers(layer);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteDescriptor("subject", subject);
            json.WriteStartObject("annotations");
            json.WriteString("dev.sigstore.bundle.content", "dsse-envelope");
            json.WriteString("dev.sigstore.bundle.predicateType", SigstoreBundle.PredicateType);
            json.WriteString(Signature, Convert.ToBase64String(signature));
            json.WriteString(Created, created);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>True when a listed referrer is a bundle of ours with a valid signature; asks nobody.</summary>
    public static bool IsOurs(Descriptor referrer, Descriptor subject, ECDsa key)
    {
        if (EcdsaSignatures.Decode(referrer.Annotations.GetValueOrDefault(Signature)) is not { } signature
            || referrer.Annotations.GetValueOrDefault(Created) is not { Length: <= 64 } created)
        {
            return false;
        }

        var statement = SigstoreBundle.Statement(subject.Digest);
        var manifest = Write(subject, SigstoreBundle.Write(key, statement, signature), signature, created);
        return Digest.Of(manifest) == referrer.Digest && EcdsaSignatures.Verifies(key, SigstoreBundle.Hash(statement), signature);
    }
}
