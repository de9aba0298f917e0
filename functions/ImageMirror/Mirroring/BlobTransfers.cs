using System.Collections.Concurrent;
using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Brings blobs into the target, each at most once in a run however many images share it: those who need the same blob
/// wait for the first, then mount it from its repository. Nothing is kept in memory but a few buffers per transfer.
/// </summary>
internal sealed class BlobTransfers(RegistryClient target, TargetReader reader, bool dryRun, int maxParallel) : IDisposable
{
    private readonly ConcurrentDictionary<Digest, Places> _known = [];
    private readonly SemaphoreSlim _slots = new(maxParallel);

    /// <summary>Notes that a repository holds a blob, because it holds a manifest that refers to it.</summary>
    public void Learn(string repository, Digest blob) => PlacesOf(blob).Add(repository);

    /// <summary>Unlearns it, because the registry says otherwise.</summary>
    public void Forget(string repository, Digest blob) => PlacesOf(blob).Remove(repository);

    /// <summary>Makes sure that a repository of the target holds a blob.</summary>
    public async Task<BlobOutcome> EnsureAsync(SourceRepository source, string repository, Descriptor blob, CancellationToken cancellationToken)
    {
        var places = PlacesOf(blob.Digest);
        if (places.Holds(repository))
        {
            return BlobOutcome.Skipped;
        }

        await places.Gate.WaitAsync(cancellationToken);
        try
        {
            var outcome = await BringAsync(source, repository, blob, places, cancellationToken);
            places.Add(repository);
            return outcome;
        }
        finally
        {
            places.Gate.Release();
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        foreach (var places in _known.Values)
        {
            places.Gate.Dispose();
        }
    }

    private async Task<BlobOutcome> BringAsync(
        SourceRepository source, string repository, Descriptor blob, Places places, CancellationToken cancellationToken)
    {
        if (places.Holds(repository) || await reader.HoldsAsync(repository, blob.Digest, cancellationToken))
        {
            return BlobOutcome.Skipped;
        }

        var elsewhere = places.Any();
        if (dryRun)
        {
            return elsewhere is null ? BlobOutcome.Moved : BlobOutcome.Mounted;
        }

        if (elsewhere is not null && await target.TryMountBlobAsync(repository, blob.Digest, elsewhere, cancellationToken))
        {
            return BlobOutcome.Mounted;
        }

        await _slots.WaitAsync(cancellationToken);
        try
        {
            await target.UploadBlobAsync(repository, blob, (offset, token) => source.OpenAsync(blob, offset, token), cancellationToken);
        }
        finally
        {
            _slots.Release();
        }

        return BlobOutcome.Moved;
    }

    private Places PlacesOf(Digest blob) => _known.GetOrAdd(blob, static _ => new Places());

    private sealed class Places
    {
        private readonly HashSet<string> _repositories = [];

        public SemaphoreSlim Gate { get; } = new(1);

        public bool Holds(string repository)
        {
            lock (_repositories)
            {
                return _repositories.Contains(repository);
            }
        }

        public string? Any()
        {
            lock (_repositories)
            {
                return _repositories.FirstOrDefault();
            }
        }

        public void Remove(string repository)
        {
            lock (_repositories)
            {
                _repositories.Remove(repository);
            }
        }

        public void Add(string repository)
        {
            lock (_repositories)
            {
                _repositories.Add(repository);
            }
        }
    }
}
