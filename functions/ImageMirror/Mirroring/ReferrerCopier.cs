using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Copies what upstream attached to an image: referrers (OCI distribution-spec v1.1.1, Listing Referrers), theirs in turn,
/// and cosign's <c>.sig</c>, <c>.att</c> and <c>.sbom</c> tags. Our own signatures in the target stay. What the source lists and cannot give
/// is noted and left out: an image is worth having without it.
/// </summary>
internal sealed class ReferrerCopier(MirrorRun run, SourceRepository source, string repository, LineTally tally)
{
    private const int MaxReferrers = 100;
    private const int MaxDepth = 3;

    private static readonly string[] Suffixes = [".sig", ".att", ".sbom"];

    private bool _listingFailed;

    /// <summary>Copies what is attached to these manifests. An index that was filtered here is new, so upstream has nothing for it.</summary>
    public async Task CopyAsync(IReadOnlyList<CopiedManifest> subjects, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects.DistinctBy(subject => subject.Descriptor.Digest))
        {
            await CopyReferrersAsync(subject.Descriptor.Digest, 1, cancellationToken);
            foreach (var suffix in Suffixes)
            {
                await CopyTagAsync(subject.Descriptor.Digest, suffix, cancellationToken);
            }
        }
    }

    private async Task CopyReferrersAsync(Digest subject, int depth, CancellationToken cancellationToken)
    {
        var offered = _listingFailed ? [] : await FromSourceAsync(
            $"What is attached to {subject}", () => source.Client.GetReferrersAsync(source.Repository, subject, cancellationToken));
        if (offered is null)
        {
            // Every question costs all its retries; who cannot answer this one is not asked about the other manifests of the image.
            _listingFailed = true;
            return;
        }

        if (offered.Count > MaxReferrers)
        {
            throw new MirrorException("tooLarge", $"{offered.Count} referrers are attached to {subject}; at most {MaxReferrers} are copied", "Take referrers: true out of the entry.");
        }

        if (offered.Count == 0)
        {
            return;
        }

        // Listed, not merely stored: a run killed between the two must list it now.
        var listed = (await run.Reader.ReferrersAsync(repository, subject, cancellationToken)).Select(referrer => referrer.Digest).ToHashSet();
        foreach (var referrer in offered)
        {
            if (!listed.Contains(referrer.Digest))
            {
                await CopyReferrerAsync(subject, referrer.Digest, cancellationToken);
            }

            if (depth < MaxDepth)
            {
                await CopyReferrersAsync(referrer.Digest, depth + 1, cancellationToken);
            }
        }
    }

    private async Task CopyReferrerAsync(Digest subject, Digest digest, CancellationToken cancellationToken)
    {
        var tree = new TreeCopier(run, source, repository, tally);
        if (await FromSourceAsync($"The referrer {digest}", () => ReadAsync(tree, digest, cancellationToken)) is not { } referrer)
        {
            return;
        }

        var manifest = referrer.Manifest;
        await tree.EnsureContentAsync(manifest, referrer.IsNew, 0, cancellationToken);
        tally.AddReferrer();
        if (!run.DryRun)
        {
            using var held = await run.LockAsync(repository, subject.ToString(), cancellationToken);
            await run.Target.PutReferrerAsync(repository, manifest, token => tree.RestoreAsync(manifest, token), cancellationToken);
        }
    }

    private async Task<FoundReferrer> ReadAsync(TreeCopier tree, Digest digest, CancellationToken cancellationToken)
    {
        var (manifest, isNew) = await tree.ReadAsync(digest, cancellationToken);
        return new FoundReferrer(isNew ? await CompleteAsync(Task.FromResult(manifest), cancellationToken) : manifest, isNew);
    }

    // Asked before anything is brought, so that what fails from here on is the target's failure.
    private async Task<Manifest> CompleteAsync(Task<Manifest> reading, CancellationToken cancellationToken)
    {
        var manifest = await reading;
        foreach (var blob in manifest.Layers.Append(manifest.Config).OfType<Descriptor>().Where(blob => !blob.HasUrls))
        {
            if (!await source.Client.BlobExistsAsync(source.Repository, blob.Digest, cancellationToken))
            {
                throw new MirrorException("notFound", $"{source.Client.Registry}/{source.Repository} no longer has its blob {blob.Digest}", "");
            }
        }

        return manifest;
    }

    private async Task<T?> FromSourceAsync<T>(string what, Func<Task<T>> read)
        where T : class?
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is RegistryException { Fault: not RegistryFault.RateLimited } or MirrorException { Fault: "notFound" } or OciFormatException)
        {
            tally.AddNote($"{what} was not copied: {(e is RegistryException registry ? registry.Cause : e.Message).TrimEnd('.')}.");
            return null;
        }
    }

    private async Task CopyTagAsync(Digest subject, string suffix, CancellationToken cancellationToken)
    {
        var tag = $"{subject.Algorithm}-{subject.Hex}{suffix}";
        if (await FromSourceAsync($"The tag {tag}", () => source.HeadAsync(tag, cancellationToken)) is not { } offered)
        {
            return;
        }

        // The same lock as signing: both rewrite this tag's list of signatures.
        using var held = await run.LockAsync(repository, subject.ToString(), cancellationToken);
        var current = await run.Reader.GetAsync(repository, tag, cancellationToken);
        if (current?.Descriptor.Digest == offered.Digest)
        {
            return;
        }

        if (await FromSourceAsync($"The tag {tag}", () => CompleteAsync(source.GetAsync(offered.Digest, cancellationToken), cancellationToken)) is not { } manifest)
        {
            return;
        }

        var wanted = suffix == ".sig" && current is not null ? SignatureMerge.Of(current, manifest) : null;
        if (wanted is not null && wanted.Manifest.Descriptor.Digest == current!.Descriptor.Digest)
        {
            return;
        }

        await new TreeCopier(run, source, repository, tally).EnsureContentAsync(manifest, isNew: true, 0, cancellationToken);
        tally.AddReferrer();
        if (run.DryRun)
        {
            return;
        }

        if (wanted is not null)
        {
            await run.Target.UploadBlobAsync(
                repository, wanted.Manifest.Config!, (offset, _) => Task.FromResult<Stream>(wanted.OpenConfig(offset)), cancellationToken);
        }

        await run.Target.PutManifestAsync(repository, tag, wanted?.Manifest ?? manifest, cancellationToken);
    }

    private sealed record FoundReferrer(Manifest Manifest, bool IsNew);
}
