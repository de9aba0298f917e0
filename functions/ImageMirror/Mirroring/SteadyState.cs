using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Finds out with one request to the target whether its tag is what it shall be.</summary>
internal sealed class SteadyState(MirrorRun run, MirrorEntry entry, string repository)
{
    /// <summary>What the target's tag points to now, and whether that is the wanted image.</summary>
    public async Task<(Descriptor? Current, bool UpToDate)> CompareAsync(string tag, Digest wanted, CancellationToken cancellationToken)
    {
        if (entry.Platforms is not { } filter)
        {
            var descriptor = await run.Reader.HeadAsync(repository, tag, cancellationToken);
            return (descriptor, descriptor?.Digest == wanted);
        }

        // A filtered index has a digest of its own; its annotation names the original.
        var manifest = await run.Reader.GetAsync(repository, tag, cancellationToken);
        return (manifest?.Descriptor, manifest is not null && await IsWantedAsync(manifest, wanted, filter, cancellationToken));
    }

    private async Task<bool> IsWantedAsync(Manifest manifest, Digest wanted, PlatformFilter filter, CancellationToken cancellationToken)
    {
        var isOriginal = manifest.Descriptor.Digest == wanted;
        if (!manifest.IsIndex)
        {
            return isOriginal && filter.Keeps(await ImagePlatform.ReadAsync(run.Target, repository, manifest, cancellationToken));
        }

        return (isOriginal || manifest.Annotations.GetValueOrDefault(FilteredIndex.OriginalDigest) == wanted.ToString())
            && filter.IsExactly(manifest.Manifests);
    }
}
