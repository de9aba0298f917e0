using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Finds the tags of an entry: those it names, or the newest of the source's that match.</summary>
internal sealed class TagResolver(RegistryClients registries)
{
    private const int MaxTags = 100_000;

    /// <exception cref="MirrorException">Nothing matches, or the source has too many tags.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(MirrorEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Image.Tags is { } named)
        {
            return named;
        }

        var listed = new List<string>();
        await foreach (var tag in registries.For(entry.Source.Registry).ListTagsAsync(entry.Source.Repository, cancellationToken))
        {
            listed.Add(tag);
            if (listed.Count > MaxTags)
            {
                throw new MirrorException("tooLarge", $"{entry.Source.Name} has more than {MaxTags} tags", "Name the tags to mirror in the list.");
            }
        }

        var selected = entry.Select(listed);
        return selected.Count > 0
            ? selected
            : throw new MirrorException(
                "notFound",
                $"none of the {listed.Count} tags of {entry.Source.Name} matches {entry.Image.Semver ?? entry.Image.Regex}",
                "Correct the entry's semver or regex.");
    }
}
