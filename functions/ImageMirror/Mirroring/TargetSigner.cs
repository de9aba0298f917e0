using Ebb.Oci;
using Ebb.Signing;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Signs what is in the target, children before the index, so that a signed index means signed children.</summary>
internal sealed class TargetSigner(ImageSigner? signer, string description, IReadOnlyList<SignatureFormat> formats)
{
    /// <summary>Leaves everything unsigned, and says so.</summary>
    public static TargetSigner None(string why) => new(null, $"unsigned: {why}", []);

    /// <summary>What the report says of signing.</summary>
    public string Description => description;

    /// <summary>
    /// True when the image of a tag lacks a valid signature by the key that signs now. A bundle that was verified lately is
    /// not asked for again.
    /// </summary>
    public async Task<bool> IsMissingAsync(MirrorRun run, string repository, string tag, Descriptor subject, CancellationToken cancellationToken)
    {
        if (signer is null)
        {
            return false;
        }

        var key = await signer.GetFingerprintAsync(cancellationToken);
        var isKnown = run.Verified.Holds(repository, tag, subject.Digest, key);
        var asked = isKnown ? [.. formats.Where(format => format != SignatureFormat.Bundle)] : formats;
        if ((await signer.FindMissingAsync(run.Target.Registry, repository, subject, asked, cancellationToken)).Count > 0)
        {
            return true;
        }

        if (!isKnown)
        {
            await RememberAsync(run, repository, tag, subject.Digest, cancellationToken);
        }

        return false;
    }

    /// <summary>Notes that the image of a tag is signed now, for the runs to come.</summary>
    public async Task RememberAsync(MirrorRun run, string repository, string tag, Digest image, CancellationToken cancellationToken)
    {
        if (signer is not null && formats.Contains(SignatureFormat.Bundle))
        {
            await run.Verified.RememberAsync(repository, tag, image, await signer.GetFingerprintAsync(cancellationToken), cancellationToken);
        }
    }

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
            return subject.IsNew ? formats.Count : (await signer.FindMissingAsync(registry, repository, subject.Descriptor, cancellationToken)).Count;
        }

        // Two tags of one digest are signed once, not twice at the same time.
        using var held = await run.LockAsync(repository, subject.Descriptor.Digest.ToString(), cancellationToken);
        return (await signer.SignAsync(registry, repository, subject.Descriptor, cancellationToken)).Count;
    }
}
