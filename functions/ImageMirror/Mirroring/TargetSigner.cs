using Ebb.Oci;
using Ebb.Signing;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Signs what is in the target, children before the index, so that a signed index means signed children.</summary>
internal sealed class TargetSigner(ImageSigner? signer, string description, int formats)
{
    /// <summary>Leaves everything unsigned, and says so.</summary>
    public static TargetSigner None { get; } = new(null, "unsigned: Signing:Key is not set", 0);

    /// <summary>What the report says of signing.</summary>
    public string Description => description;

    /// <summary>True when a manifest lacks a valid signature by the key that signs now.</summary>
    public async Task<bool> IsMissingAsync(string registry, string repository, Descriptor subject, CancellationToken cancellationToken) =>
        signer is not null && (await signer.FindMissingAsync(registry, repository, subject, cancellationToken)).Count > 0;

    /// <summary>Writes the signatures that are missing and verifies them; in a dry run only counts them.</summary>
    /// <returns>How many were, or would be, written.</returns>
    public async Task<int> SignAsync(MirrorRun run, string repository, CopiedManifest subject, CancellationToken cancellationToken)
    {
        if (signer is null)
        {
            return 0;
        }

        var registry = run.Target.Registry;
        if (run.DryRun)
        {
            return subject.IsNew ? formats : (await signer.FindMissingAsync(registry, repository, subject.Descriptor, cancellationToken)).Count;
        }

        // Two tags of one digest are signed once, not twice at the same time.
        using var held = await run.LockAsync(repository, subject.Descriptor.Digest.ToString(), cancellationToken);
        return (await signer.SignAsync(registry, repository, subject.Descriptor, cancellationToken)).Count;
    }
}
