using Ebb.Contracts.Images;

namespace Ebb.Contracts.Secrets;

/// <summary>The values of a change by what they mean; a problem is added for each that is missing or wrong, and an empty text given.</summary>
internal sealed class ChangeFields(MappingReader reader, ListProblems problems)
{
    private const int MaxEnvironments = 50;
    private const int MaxLabel = 200;

    private const string TagRule = "write 1 to 128 letters, digits and . _ -, beginning with a letter, digit or _";

    public string Required(string key)
    {
        if (reader.Has(key))
        {
            return reader.Text(key) ?? "";
        }

        problems.Add(key, "is missing");
        return "";
    }

    public string Name(string key)
    {
        var name = Required(key);
        if (name.Length > 0 && !PlaceName.IsValid(name))
        {
            problems.Add(reader.LocationOf(key), $"{Quoted.Show(name)} is no name; write {PlaceName.Rule}");
        }

        return name;
    }

    public IReadOnlyList<string>? Names(string key)
    {
        if (reader.Texts(key, "[\"dev\"]") is not { } names)
        {
            return null;
        }

        foreach (var (location, name) in names.Where(name => !PlaceName.IsValid(name.Text)))
        {
            problems.Add(location, $"{Quoted.Show(name)} is no name; write {PlaceName.Rule}");
        }

        foreach (var twice in names.GroupBy(name => name.Text, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add(twice.Last().Location, $"{Quoted.Show(twice.Key)} is there twice; keep one");
        }

        if (names.Count is 0 or > MaxEnvironments)
        {
            problems.Add(reader.LocationOf(key), $"name 1 to {MaxEnvironments} environments, or leave '{key}' out");
        }

        return [.. names.Select(name => name.Text)];
    }

    public string Tag(string key)
    {
        var tag = Required(key);
        if (tag.Length > 0 && !TagName.IsValid(tag))
        {
            problems.Add(reader.LocationOf(key), $"{Quoted.Show(tag)} is no tag; {TagRule}");
        }

        return tag;
    }

    /// <summary>A tag or the number of a version; a JSON number is one too.</summary>
    public string Target(string key)
    {
        if (reader.Node(key) is ListScalar { IsLiteral: true, Text: { Length: <= 10 } number } && number.All(char.IsAsciiDigit))
        {
            return number;
        }

        return Tag(key);
    }

    /// <summary>A short text for people: a build, a commit, a reason.</summary>
    public string? Label(string key)
    {
        if (reader.Node(key) is ListScalar { Text: null })
        {
            return null;
        }

        var text = reader.Text(key);
        if (text is not null && (text.Length > MaxLabel || text.Any(char.IsControl)))
        {
            problems.Add(reader.LocationOf(key), $"write at most {MaxLabel} characters on one line");
        }

        return text;
    }

    public bool Flag(string key, bool byDefault = false) => reader.Has(key) ? reader.Flag(key) : byDefault;
}
