using Ebb.Oci;
using Ebb.Signing;
using Ebb.Vault;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Makes the signer at its first use: a run that needs none reads no key.</summary>
public sealed class MirrorSigning
{
    private readonly Lazy<TargetSigner> _signer;

    /// <summary>Creates it from the sections <c>Signing</c> and <c>Vault</c>.</summary>
    public MirrorSigning(RegistryClients registries, SigningOptions options, Func<VaultClient> vault, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _signer = new Lazy<TargetSigner>(() =>
        {
            if (options.Key is null)
            {
                return TargetSigner.None;
            }

            var key = Signers.Create(options, vault, time);
            return new TargetSigner(new ImageSigner(registries, key, options.Formats, time), $"signed with {key.Description}", options.Formats.Count);
        });
    }

    internal TargetSigner Signer => _signer.Value;
}
