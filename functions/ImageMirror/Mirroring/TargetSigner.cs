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
    /// <param name="run">The run.</param>
    /// <param name="repository">The target's repository.</param>
    /// <param name="subject">The manifest to sign.</param>
    /// <param name="withReferrers">Upstream's referrers were brought along: where a bundle is among them, ours is written as one too.</param>
    /// <param name="cancellationToken">Ends the signing.</param>
    /// <returns>How many were, or would be, written.</returns>
    public async Task<int> SignAsync(MirrorRun run, string repository, CopiedManifest subject, bool withReferrers, CancellationToken cancellationToken)
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

        var wanted = withReferrers ? await FormatsBesideOthersAsync(run, repository, subject.Descriptor.Digest, cancellationToken) : formats;

        // Two tags of one digest are signed once, not twice at the same time.
        using var held = await run.LockAsync(repository, subject.Descriptor.Digest.ToString(), cancellationToken);
        return (await signer.SignAsync(registry, repository, subject.Descriptor, wanted, cancellationToken)).Count;
    }

    // cosign 3 and Kyverno's ImageValidatingPolicy look at bundles alone as soon as there is any, upstream's included.
    private async Task<IReadOnlyList<SignatureFormat>> FormatsBesideOthersAsync(MirrorRun run, string repository, Digest subject, CancellationToken cancellationToken) =>
        !formats.Contains(SignatureFormat.Bundle) && (await run.Reader.ReferrersAsync(repository, subject, cancellationToken)).Any(SignatureFormats.MayBeBundle)
            ? [.. formats, SignatureFormat.Bundle]
            : formats;
}
