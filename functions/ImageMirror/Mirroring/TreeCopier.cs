using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Copies a manifest or index with everything below it, byte for byte: blobs first, then manifests by digest, an index
/// after its children. What the target has already is read from there. Sets no tag.
/// </summary>
internal sealed class TreeCopier(MirrorRun run, SourceRepository source, string repository, LineTally tally)
{
    private const int MaxDepth = 4;
    private const int MaxManifests = 512;
    private const int MaxParallel = 4;

    private readonly List<CopiedManifest> _copied = [];
    private int _seen;

    /// <summary>The manifests copied or found, every index after its children.</summary>
    public IReadOnlyList<CopiedManifest> Copied => _copied;

    /// <summary>Reads a manifest from the target, or if it is not there from the source.</summary>
    public async Task<(Manifest Manifest, bool IsNew)> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        var there = await run.Reader.GetAsync(repository, digest.ToString(), cancellationToken);
        return (there ?? await source.GetAsync(digest, cancellationToken), there is null);
    }

    /// <summary>Makes sure that the target holds a manifest and everything below it.</summary>
    public Task EnsureAsync(Manifest manifest, bool isNew, CancellationToken cancellationToken) =>
        EnsureAsync(manifest, isNew, 0, cancellationToken);

    /// <summary>Makes sure that the target holds everything below a manifest.</summary>
    public async Task EnsureContentAsync(Manifest manifest, bool isNew, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth || Interlocked.Increment(ref _seen) > MaxManifests)
        {
            throw new MirrorException(
                "tooLarge", $"the index nests more than {MaxDepth} deep or holds more than {MaxManifests} manifests", "Name the platforms to keep, or mirror another image.");
        }

        var children = manifest.Manifests.DistinctBy(child => child.Digest);
        await Parallel.ForEachAsync(children, Options(cancellationToken), async (child, token) =>
        {
            var (read, missing) = await ReadAsync(child.Digest, token);
            await EnsureAsync(read, missing, depth + 1, token);
        });
        await Parallel.ForEachAsync(BlobsOf(manifest), Options(cancellationToken), (blob, token) => EnsureBlobAsync(blob, isNew, token));
    }

    private async Task EnsureAsync(Manifest manifest, bool isNew, int depth, CancellationToken cancellationToken)
    {
        await EnsureContentAsync(manifest, isNew, depth, cancellationToken);
        if (isNew)
        {
            tally.AddManifest();
            if (!run.DryRun)
            {
                await PutAsync(manifest, cancellationToken);
            }
        }

        lock (_copied)
        {
            _copied.Add(new CopiedManifest(manifest.Descriptor, isNew));
        }
    }

    private Task<bool> PutAsync(Manifest manifest, CancellationToken cancellationToken) =>
        run.Target.PutManifestAsync(repository, manifest.Descriptor.Digest.ToString(), manifest, token => RestoreAsync(manifest, token), cancellationToken);

    /// <summary>Looks again for what a manifest names, whatever was known of it, and brings what is not there.</summary>
    public async Task RestoreAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        foreach (var child in manifest.Manifests.DistinctBy(child => child.Digest))
        {
            var (read, isMissing) = await ReadAsync(child.Digest, cancellationToken);
            if (isMissing)
            {
                await PutAsync(read, cancellationToken);
            }
        }

        foreach (var blob in BlobsOf(manifest))
        {
            run.Blobs.Forget(repository, blob.Digest);
            await run.Blobs.EnsureAsync(source, repository, blob, cancellationToken);
        }
    }

    private async ValueTask EnsureBlobAsync(Descriptor blob, bool isNew, CancellationToken cancellationToken)
    {
        if (!isNew)
        {
            run.Blobs.Learn(repository, blob.Digest);
            tally.Add(BlobOutcome.Skipped, blob.Size);
            return;
        }

        tally.Add(await run.Blobs.EnsureAsync(source, repository, blob, cancellationToken), blob.Size);
    }

    // Layers that may not be distributed stay where their URLs point (OCI image-spec v1.1.1, Non-Distributable Layers); without a URL the
    // source is the only place they can be had from.
    private static IEnumerable<Descriptor> BlobsOf(Manifest manifest) =>
        (manifest.Config is { } config ? manifest.Layers.Prepend(config) : manifest.Layers)
        .Where(blob => !blob.HasUrls || !IsNotDistributable(blob.MediaType))
        .DistinctBy(blob => blob.Digest);

    private static bool IsNotDistributable(string mediaType) =>
        mediaType.Contains(".nondistributable.", StringComparison.Ordinal) || mediaType.Contains(".foreign.", StringComparison.Ordinal);

    private static ParallelOptions Options(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken };
}
