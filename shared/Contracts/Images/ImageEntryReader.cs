namespace Ebb.Contracts.Images;

/// <summary>Reads and checks one entry of an image list.</summary>
internal sealed class ImageEntryReader
{
    private const int MaxNewest = 100;

    private static readonly string[] Selections = ["tags", "semver", "regex"];
    private static readonly string[] Keys = ["source", "name", "tags", "semver", "regex", "newest", "platforms", "referrers"];

    private readonly MappingReader _reader;
    private readonly ListProblems _problems;
    private readonly string _location;
    private readonly string? _reserved;

    /// <param name="mapping">The entry.</param>
    /// <param name="reserved">A path under the target that no entry may write into; null for none.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public ImageEntryReader(ListMapping mapping, string? reserved, ListProblems problems)
    {
        _problems = problems;
        _reserved = reserved;
        _location = mapping.Location;
        _reader = new MappingReader(mapping, Keys, problems);
    }

    /// <summary>Reads the entry; null when its source is not usable.</summary>
    /// <param name="targets">Target tags of the entries before, with their locations; this entry's are added.</param>
    public MirrorImage? Read(Dictionary<string, string> targets)
    {
        var source = ReadSource(out var written);
        var name = ReadName();
        var tags = TagNames.Read(_reader, _problems);
        CheckSelection(source);
        var image = new MirrorImage
        {
            Source = written,
            Name = name,
            Tags = tags?.Select(tag => tag.Text).ToList(),
            Semver = ReadSemver(),
            Regex = ReadRegex(),
            Newest = _reader.Number("newest", 1, MaxNewest),
            Platforms = ReadPlatforms(),
            Referrers = _reader.Flag("referrers"),
        };
        if (source is null)
        {
            return null;
        }

        CheckName(name ?? source.LastSegment);
        CheckTargets(name ?? source.LastSegment, tags ?? [], targets);
        return image;
    }

    private SourceName? ReadSource(out string written)
    {
        written = "";
        if (!_reader.Has("source"))
        {
            _problems.Add(_location, "the key source is missing; it names the upstream repository");
            return null;
        }

        if (_reader.Text("source") is not { } text)
        {
            return null;
        }

        written = text;
        if (!SourceName.TryParse(text, out var source, out var problem))
        {
            _problems.Add(_reader.LocationOf("source"), $"source {Quoted.Show(text)}: {problem}");
        }

        return source;
    }

    private string? ReadName()
    {
        var name = _reader.Text("name");
        if (name is not null && !SourceName.IsRepository(name))
        {
            _problems.Add(_reader.LocationOf("name"), $"name {Quoted.Show(name)} must be a repository name in lower case such as nginx-chainguard");
        }

        return name;
    }

    private void CheckSelection(SourceName? source)
    {
        var given = Selections.Where(_reader.Has).ToList();
        if (given.Count == 0)
        {
            _problems.Add(_location, "one of tags, semver or regex must say what to mirror");
        }
        else if (given.Count > 1)
        {
            _problems.Add(_reader.LocationOf(given[1]), $"{string.Join(" and ", given)} exclude each other; keep one");
        }

        if (_reader.Has("newest") && !_reader.Has("semver") && !_reader.Has("regex"))
        {
            _problems.Add(_reader.LocationOf("newest"), "newest goes with semver or regex");
        }

        if (source?.Digest is not null && (_reader.Has("semver") || _reader.Has("regex")))
        {
            _problems.Add(_reader.LocationOf("source"), "a source approved by digest goes with tags, not with semver or regex");
        }
    }

    private string? ReadSemver()
    {
        var text = _reader.Text("semver");
        if (text is not null && !TagVersions.TryParseRange(text, out _, out var problem))
        {
            _problems.Add(_reader.LocationOf("semver"), $"semver {Quoted.Show(text)}: {problem}");
        }

        return text;
    }

    private string? ReadRegex()
    {
        var text = _reader.Text("regex");
        if (text is not null && !TagPattern.TryParse(text, out _, out var problem))
        {
            _problems.Add(_reader.LocationOf("regex"), $"regex {Quoted.Show(text)}: {Quoted.Clip(problem)}");
        }

        return text;
    }

    private List<string>? ReadPlatforms()
    {
        var platforms = _reader.Texts("platforms");
        if (platforms is { Count: 0 } && _reader.Node("platforms") is ListSequence { Items.Count: 0 })
        {
            _problems.Add(_reader.LocationOf("platforms"), "platforms must name at least one; leave it out to keep all");
        }

        var seen = new HashSet<string>();
        foreach (var platform in platforms ?? [])
        {
            if (!PlatformName.IsValid(platform.Text))
            {
                _problems.Add(platform.Location, $"platform {Quoted.Show(platform.Text)} must look like linux/amd64 or linux/arm64/v8");
            }
            else if (!seen.Add(platform.Text))
            {
                _problems.Add(platform.Location, $"platform '{platform.Text}' is there twice; keep one");
            }
        }

        return platforms?.Select(platform => platform.Text).ToList();
    }

    private void CheckName(string name)
    {
        if (_reserved is not null && $"{name}/".StartsWith($"{_reserved}/", StringComparison.Ordinal))
        {
            _problems.Add(
                _reader.Has("name") ? _reader.LocationOf("name") : _location,
                $"name {Quoted.Show(name)} lies in {Quoted.Show(_reserved)}, where images outside the list go (ImageMirror:Adhoc:Path); give the entry another name");
        }
    }

    private void CheckTargets(string name, IReadOnlyList<(string Location, string Text)> tags, Dictionary<string, string> targets)
    {
        foreach (var tag in tags)
        {
            var target = $"{name}:{tag.Text}";
            if (!targets.TryAdd(target, tag.Location))
            {
                _problems.Add(tag.Location, $"{Quoted.Show(target)} is written by the entry at {targets[target]} too; give one of them another name");
            }
        }
    }
}
