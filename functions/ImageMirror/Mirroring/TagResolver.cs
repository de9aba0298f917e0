using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Finds the tags of an entry: those it names, or the newest of the source's that match.</summary>
internal sealed class TagResolver(RegistryClients registries)
{
    private const int MaxTags = 100_000;
    private const int MaxNamesShown = 5;

    /// <returns>The tags, and a note where the source lists names that are no tags.</returns>
    /// <exception cref="MirrorException">Nothing matches, or the source has too many tags.</exception>
    public async Task<(IReadOnlyList<string> Tags, string? Note)> ResolveAsync(MirrorEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Image.Tags is { } named)
        {
            return (named, null);
        }

        var (listed, passedOver) = (new List<string>(), new List<string>());
        await foreach (var tag in registries.For(entry.Source.Registry).ListTagsAsync(entry.Source.Repository, passedOver.Add, cancellationToken))
        {
            listed.Add(tag);
            if (listed.Count + passedOver.Count > MaxTags)
            {
                throw new MirrorException("tooLarge", $"{entry.Source.Name} has more than {MaxTags} tags", "Name the tags to mirror in the list.");
            }
        }

        var selected = entry.Select(listed);
        return selected.Count > 0
            ? (selected, NoteOf(entry, passedOver))
            : throw new MirrorException(
                "notFound",
                $"none of the {listed.Count} tags of {entry.Source.Name} matches {entry.Image.Semver ?? entry.Image.Regex}",
                "Correct the entry's semver or regex.");
    }

    private static string? NoteOf(MirrorEntry entry, List<string> passedOver)
    {
        var rest = passedOver.Count > MaxNamesShown ? $" and {passedOver.Count - MaxNamesShown} more" : "";
        return passedOver.Count == 0
            ? null
            : $"{entry.Source.Name} lists {string.Join(", ", passedOver.Take(MaxNamesShown).Select(name => $"'{name}'"))}{rest}, which is no tag and was passed over.";
    }
}
