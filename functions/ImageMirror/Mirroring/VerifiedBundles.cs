using System.Collections.Concurrent;
using System.Text.Json;
using Ebb.Oci;
using Ebb.Storage;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Which tags' images were seen to have a valid bundle by our key lately, so that not every run asks again. One document for
/// each tag: a tag that moves overwrites its own. Read once in a run.
/// </summary>
internal sealed class VerifiedBundles(MirrorMemory memory, TargetPlace place, TimeSpan every, bool dryRun, TimeProvider time)
{
    private const string Prefix = "image-mirror/signed/";
    private readonly ConcurrentDictionary<string, Document> _known = [];
    private bool _isLoaded;

    /// <summary>Reads what is known.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (every <= TimeSpan.Zero)
        {
            return;
        }

        foreach (var document in await memory.ListAsync(Prefix, cancellationToken))
        {
            _known[document.Key] = document;
        }

        _isLoaded = true;
    }

    /// <summary>True when the bundle of this image by this key was verified lately.</summary>
    public bool Holds(string repository, string tag, Digest image, string key) =>
        _known.TryGetValue(KeyOf(repository, tag), out var document)
        && document.ReadOrNull(MemoryJson.Default.VerifiedBundle) is { } seen
        && seen.Digest == image.ToString() && seen.Key == key
        && time.GetUtcNow() - seen.VerifiedAt is var age && age >= TimeSpan.Zero && age < every;

    /// <summary>Notes that the bundle of this image by this key was verified now; writes nothing when that is known.</summary>
    public async Task RememberAsync(string repository, string tag, Digest image, string key, CancellationToken cancellationToken)
    {
        var name = KeyOf(repository, tag);
        if (_isLoaded && !dryRun && MirrorMemory.IsKey(name) && !Holds(repository, tag, image, key))
        {
            var seen = new VerifiedBundle { Digest = image.ToString(), Key = key, VerifiedAt = time.GetUtcNow() };
            await memory.PutAsync(name, JsonSerializer.Serialize(seen, MemoryJson.Default.VerifiedBundle), cancellationToken);
        }
    }

    /// <summary>Deletes what no run renewed for a long time: tags that nobody mirrors any more.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow() - (every * 2);
        foreach (var document in _known.Values.Where(document => !dryRun && document.UpdatedAt < old))
        {
            // Not one that this run renewed: its version is another now.
            await memory.DeleteAsync(document, cancellationToken);
        }
    }

    private string KeyOf(string repository, string tag) => $"{Prefix}{place.Registry}/{repository}:{tag}";
}
