using Ebb.ImageMirror.Reports;
using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Mirrors one tag. The order is what keeps every moment safe: blobs, manifests by digest, upstream's referrers,
/// signatures of the children, signature of the index, verification, and the tag last. Killed anywhere, the target's tag
/// is the old image or the new one, signed; the next run finds by digest what is there and goes on.
/// </summary>
internal sealed class TagMirror(MirrorRun run, MirrorEntry entry, string tag)
{
    private readonly SourceRepository _source = run.SourceOf(entry);
    private readonly string _repository = run.Place.RepositoryOf(entry.Name);
    private readonly LineTally _tally = new();

    /// <summary>Mirrors the tag and adds what happened to the line.</summary>
    public async Task<MirrorLine> MirrorAsync(MirrorLine line, CancellationToken cancellationToken)
    {
        using var held = await run.LockAsync(_repository, tag, cancellationToken);
        var offered = await _source.HeadAsync(tag, cancellationToken);
        var wanted = entry.Source.Digest ?? offered?.Digest ?? throw TagGone();
        if (offered is not null)
        {
            RefuseOldFormat(offered);
        }

        line = line with { SourceDigest = offered?.Digest.ToString(), Signing = run.Signer.Description };
        var (action, target) = await BringAsync(wanted, cancellationToken);
        line = _tally.ApplyTo(line with { TargetDigest = target.ToString(), Action = run.DryRun ? ActionNames.InDryRun(action) : action });
        return offered?.Digest == wanted ? line : Drifted(line, offered, wanted);
    }

    private async Task<(MirrorAction Action, Digest Target)> BringAsync(Digest wanted, CancellationToken cancellationToken)
    {
        var steady = new SteadyState(run, entry, _repository);
        var (current, upToDate) = await steady.CompareAsync(tag, wanted, cancellationToken);
        if (upToDate && !entry.Image.Referrers && !await run.Signer.IsMissingAsync(run, _repository, tag, current!, cancellationToken))
        {
            return (MirrorAction.Unchanged, current!.Digest);
        }

        var root = await CopyAsync(upToDate ? current!.Digest : wanted, upToDate, cancellationToken);
        if (root.Descriptor.Digest != current?.Digest)
        {
            if (!run.DryRun)
            {
                await run.Target.PutManifestAsync(_repository, tag, root, token => RestoreAsync(root, token), cancellationToken);
            }

            return (current is null ? MirrorAction.Copied : MirrorAction.Updated, root.Descriptor.Digest);
        }

        var action = _tally switch
        {
            { WroteReferrers: true } => MirrorAction.Updated,
            { WroteSignatures: true } => MirrorAction.SignatureAdded,
            _ => MirrorAction.Unchanged,
        };
        return (action, root.Descriptor.Digest);
    }

    /// <summary>Brings the image by digest, with referrers if asked, and signs all of it.</summary>
    /// <param name="digest">The wanted image; when it is in the target already filtered, the filtered one.</param>
    /// <param name="isFiltered">The digest is what the target's tag shall be.</param>
    private async Task<Manifest> CopyAsync(Digest digest, bool isFiltered, CancellationToken cancellationToken)
    {
        var tree = new TreeCopier(run, _source, _repository, _tally);
        var (root, isNew) = await tree.ReadAsync(digest, cancellationToken);
        if (!isFiltered && entry.Platforms is { } filter)
        {
            (root, isNew) = await FilterAsync(root, isNew, filter, cancellationToken);
        }

        await tree.EnsureAsync(root, isNew, cancellationToken);
        if (entry.Image.Referrers)
        {
            await new ReferrerCopier(run, _source, _repository, _tally).CopyAsync(tree.Copied, cancellationToken);
        }

        await SignAsync(tree.Copied, cancellationToken);
        return root;
    }

    private Task RestoreAsync(Manifest root, CancellationToken cancellationToken) =>
        new TreeCopier(run, _source, _repository, _tally).RestoreAsync(root, cancellationToken);

    private async Task<(Manifest Root, bool IsNew)> FilterAsync(Manifest original, bool isNew, PlatformFilter filter, CancellationToken cancellationToken)
    {
        if (!original.IsIndex)
        {
            var platform = await ImagePlatform.ReadAsync(_source.Client, _source.Repository, original, cancellationToken);
            FilteredIndex.RequireAll(filter, [platform]);
            return (original, isNew);
        }

        var filtered = FilteredIndex.Of(original, filter);
        return filtered == original
            ? (original, isNew)
            : (filtered, await run.Reader.HeadAsync(_repository, filtered.Descriptor.Digest.ToString(), cancellationToken) is null);
    }

    private async Task SignAsync(IReadOnlyList<CopiedManifest> manifests, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(manifests.SkipLast(1).DistinctBy(child => child.Descriptor.Digest), options, async (child, token) =>
            _tally.AddSignatures(await run.Signer.SignAsync(run, _repository, child, entry.Image.Referrers, token)));

        // Last, because the steady state asks only for this one: it stands for all.
        var root = manifests[^1];
        _tally.AddSignatures(await run.Signer.SignAsync(run, _repository, root, entry.Image.Referrers, cancellationToken));
        await run.Signer.RememberAsync(run, _repository, tag, root.Descriptor.Digest, cancellationToken);
    }

    private MirrorException TagGone() => new(
        "notFound",
        $"{entry.Source.Name} has no tag {tag}",
        "Correct the tag, or take it out of the list; what was mirrored earlier stays in the target.");

    private static void RefuseOldFormat(Descriptor offered)
    {
        if (MediaTypes.IsSchema1(offered.MediaType))
        {
            throw new MirrorException(
                "schema1",
                "the image is in Docker's manifest format of before 2016 (schema 1), which is not copied: its digest changes on the way",
                "Ask upstream to push it again with a current tool, or mirror a newer tag.");
        }
    }

    private MirrorLine Drifted(MirrorLine line, Descriptor? offered, Digest approved) => line with
    {
        Action = MirrorAction.Drift,
        Cause = offered is null
            ? $"{entry.Source.Name} has no tag {tag} any more; approved is {approved}"
            : $"{entry.Source.Name}:{tag} is now {offered.Digest}; approved is {approved}",
        Remedy = "Review the new image and approve its digest in the list, or take the tag out. The target keeps the approved image.",
    };
}
