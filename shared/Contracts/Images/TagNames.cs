namespace Ebb.Contracts.Images;

/// <summary>Reads the key <c>tags</c>, of entries and of requests.</summary>
internal static class TagNames
{
    private const int MaxTags = 200;

    /// <summary>The tags with their locations; null when there is no such key. Every one that cannot be a tag of an image is a problem.</summary>
    public static IReadOnlyList<(string Location, string Text)>? Read(MappingReader reader, ListProblems problems)
    {
        var tags = reader.Texts("tags");
        if (tags is { Count: 0 or > MaxTags } && reader.Node("tags") is ListSequence { Items.Count: 0 or > MaxTags })
        {
            problems.Add(reader.LocationOf("tags"), $"tags must list 1 to {MaxTags} tags");
        }

        foreach (var tag in tags ?? [])
        {
            if (!TagName.IsValid(tag.Text))
            {
                problems.Add(tag.Location, $"tag {Quoted.Show(tag.Text)} is not valid; a tag has at most 128 letters, digits, and _ . - but begins with neither . nor -");
            }
            else if (TagName.IsReserved(tag.Text))
            {
                problems.Add(tag.Location, $"tag {Quoted.Show(tag.Text)} belongs to signatures; set referrers: true to copy them");
            }
        }

        return tags;
    }
}
