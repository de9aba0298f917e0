using Ebb.Oci;

namespace Ebb.Signing;

/// <summary>How signatures in a registry are told apart.</summary>
public static class SignatureFormats
{
    private const string BundlePrefix = "application/vnd.dev.sigstore.bundle";

    /// <summary>
    /// True when a referrer is a sigstore bundle, of whatever version and by whatever key, or may be one: lists do not always say what they
    /// hold (OCI distribution-spec v1.1.1, Referrers Tag Schema).
    /// </summary>
    public static bool MayBeBundle(Descriptor referrer)
    {
        ArgumentNullException.ThrowIfNull(referrer);
        return referrer.ArtifactType is null or MediaTypes.OciEmpty || referrer.ArtifactType.StartsWith(BundlePrefix, StringComparison.Ordinal);
    }
}
