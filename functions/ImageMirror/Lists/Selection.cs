using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Mirroring;

namespace Ebb.ImageMirror.Lists;

/// <summary>
/// What a request selects of the list. Source, approved digest, platforms and referrers come from the list's entry, whoever asks; what
/// no entry allows is a problem.
/// </summary>
internal sealed class Selection(ImageList list, string file, ListProblems problems)
{
    /// <summary>The entries, narrowed to the tags that are asked for; null means all of the list.</summary>
    public IReadOnlyList<MirrorImage> Of(IReadOnlyList<ImageSelection>? asked) =>
        asked is null ? list.Images : [.. asked.SelectMany((one, i) => Of(one, $"images[{i}]"))];

    private List<MirrorImage> Of(ImageSelection asked, string location)
    {
        var entries = list.Images.Where(image => image.TargetName == asked.Name).ToList();
        if (entries.Count == 0)
        {
            var nearest = NearestName.Of(asked.Name, list.Images.Select(image => image.TargetName));
            problems.Add($"{location}.name", $"'{asked.Name}' is not approved{(nearest is null ? "." : $"; did you mean '{nearest}'?")} {Remedy("an entry")}");
            return [];
        }

        if (asked.Tags is not { } tags)
        {
            return entries;
        }

        // Named before matched, then in the order of the list, as the whole list's run decides.
        var ranked = entries.OrderByDescending(entry => entry.Tags is not null).ToList();
        var chosen = tags.Select((tag, i) => (Tag: tag, Entry: Find(ranked, tag, $"{location}.tags[{i}]"))).ToList();
        return [.. chosen.Where(one => one.Entry is not null).GroupBy(one => one.Entry!, one => one.Tag).Select(group =>
            group.Key with { Tags = [.. group], Semver = null, Regex = null, Newest = null })];
    }

    private MirrorImage? Find(List<MirrorImage> entries, string tag, string location)
    {
        if (entries.Find(entry => MirrorEntry.Allows(entry, tag)) is { } entry)
        {
            return entry;
        }

        problems.Add(location, $"'{entries[0].TargetName}:{tag}' is not approved; approved is {string.Join(", ", entries.Select(What))}. {Remedy("the tag")}");
        return null;
    }

    private static string What(MirrorImage image) => image switch
    {
        { Tags: { } tags } => string.Join(", ", tags),
        { Semver: { } range } => $"semver '{range}'",
        _ => $"regex '{image.Regex}'",
    };

    private string Remedy(string what) => $"Images are approved in the list, {file} (ImageMirror:ImagesFile): add {what} there, under images";
}
