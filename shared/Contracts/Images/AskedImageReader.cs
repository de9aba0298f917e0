namespace Ebb.Contracts.Images;

/// <summary>Reads the images of one request: each named once.</summary>
internal sealed class AskedImageReader(ListProblems problems)
{
    private static readonly string[] SelectionKeys = ["name", "tags"];
    private static readonly string[] AdhocKeys = ["source", "tags"];

    // What the list alone says of an image.
    private static readonly string[] ListKeys = ["source", "semver", "regex", "newest", "platforms", "referrers"];

    private readonly HashSet<string> _asked = [];

    /// <summary>Reads an image of the list; null after a problem that leaves nothing to select.</summary>
    public ImageSelection? Selection(ListMapping mapping)
    {
        var reader = new MappingReader(WithoutListKeys(mapping), SelectionKeys, problems);
        var tags = ReadTags(reader);
        if (!reader.Has("name"))
        {
            problems.Add(mapping.Location, "the key name is missing; it is the image's name under the target, as in the list");
        }

        if (reader.Text("name") is not { } name)
        {
            return null;
        }

        if (!SourceName.IsRepository(name))
        {
            problems.Add(reader.LocationOf("name"), $"name {Quoted.Show(name)} must be a repository name in lower case such as nginx-chainguard");
        }

        CheckFirst(reader.LocationOf("name"), name);
        return new ImageSelection { Name = name, Tags = tags };
    }

    /// <summary>Reads an image outside the list; null after a problem.</summary>
    public AdhocImage? Adhoc(ListMapping mapping)
    {
        var reader = new MappingReader(mapping, AdhocKeys, problems);
        var tags = ReadTags(reader);
        if (!reader.Has("source") || !reader.Has("tags"))
        {
            problems.Add(mapping.Location, "an image outside the list needs both, source and tags");
        }

        if (reader.Text("source") is not { } source || tags is null)
        {
            return null;
        }

        if (!SourceName.TryParse(source, out _, out var problem))
        {
            problems.Add(reader.LocationOf("source"), $"source {Quoted.Show(source)}: {problem}");
        }

        CheckFirst(reader.LocationOf("source"), source);
        return new AdhocImage { Source = source, Tags = tags };
    }

    private ListMapping WithoutListKeys(ListMapping mapping)
    {
        foreach (var entry in mapping.Entries.Where(entry => ListKeys.Contains(entry.Key)))
        {
            problems.Add(entry.Location, $"a request cannot say '{entry.Key}': images are approved in the list (ImageMirror:ImagesFile). "
                + "Write it into an entry there, and ask for that by name and tags");
        }

        return mapping with { Entries = [.. mapping.Entries.Where(entry => !ListKeys.Contains(entry.Key))] };
    }

    private List<string>? ReadTags(MappingReader reader)
    {
        var tags = TagNames.Read(reader, problems);
        foreach (var again in (tags ?? []).GroupBy(tag => tag.Text).SelectMany(same => same.Skip(1)))
        {
            problems.Add(again.Location, $"tag {Quoted.Show(again.Text)} is there twice; keep one");
        }

        return tags?.Select(tag => tag.Text).ToList();
    }

    private void CheckFirst(string location, string name)
    {
        if (!_asked.Add(name))
        {
            problems.Add(location, $"{Quoted.Show(name)} is asked for twice; keep one, with all its tags");
        }
    }
}
