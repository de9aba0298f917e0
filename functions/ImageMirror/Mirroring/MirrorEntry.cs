using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Oci;
using Semver;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>An entry of a checked list, parsed.</summary>
internal sealed record MirrorEntry
{
    /// <summary>The upstream repository, with the approved digest if there is one.</summary>
    public required ImageReference Source { get; init; }

    /// <summary>The repository's name under the target.</summary>
    public required string Name { get; init; }

    /// <summary>The entry as it was written.</summary>
    public required MirrorImage Image { get; init; }

    /// <summary>The source is asked without the mirror's credentials.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The platforms to keep; null keeps all.</summary>
    public PlatformFilter? Platforms { get; init; }

    public static MirrorEntry From(MirrorImage image)
    {
        var source = ImageReference.Parse(image.Source);
        return new MirrorEntry
        {
            Source = source,
            Name = image.TargetName,
            Image = image,
            Platforms = image.Platforms is { } platforms ? new PlatformFilter(platforms) : null,
        };
    }

    /// <summary>The tags to mirror, of those that the source has, newest first.</summary>
    public IReadOnlyList<string> Select(IEnumerable<string> tags) => [.. Matching(Image, tags).Take(Image.Newest ?? MirrorImage.DefaultNewest)];

    /// <summary>Whether an entry of the list approves a tag: it names it, or what it says of tags matches, however new it is.</summary>
    public static bool Allows(MirrorImage image, string tag) => image.Tags?.Contains(tag) ?? Matching(image, [tag]).Any();

    private static IEnumerable<string> Matching(MirrorImage image, IEnumerable<string> tags)
    {
        var candidates = tags.Where(tag => TagName.IsValid(tag) && !TagName.IsReserved(tag)).Distinct();
        return image.Semver is { } range ? BySemver(range, candidates) : ByRegex(image.Regex!, candidates);
    }

    private static IEnumerable<string> BySemver(string text, IEnumerable<string> tags)
    {
        if (!TagVersions.TryParseRange(text, out var range, out var problem))
        {
            throw new MirrorException("list", $"semver '{text}': {problem}", "Correct the entry.");
        }

        // 17, 17.0 and 17.0.0 are the same version; the one that says most comes first.
        return tags
            .Select(tag => (Tag: tag, Version: TagVersions.TryParse(tag, out var version) ? version : null))
            .Where(tag => tag.Version is not null && range.Contains(tag.Version))
            .OrderByDescending(tag => tag.Version!, SemVersion.PrecedenceComparer).ThenByDescending(tag => tag.Tag, TagOrder.Instance)
            .Select(tag => tag.Tag);
    }

    private static IEnumerable<string> ByRegex(string text, IEnumerable<string> tags) =>
        TagPattern.TryParse(text, out var pattern, out var problem)
            ? tags.Where(pattern.Matches).OrderDescending(TagOrder.Instance)
            : throw new MirrorException("list", $"regex '{text}': {problem}", "Correct the entry.");
}
