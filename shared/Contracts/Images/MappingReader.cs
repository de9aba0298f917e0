using System.Globalization;

namespace Ebb.Contracts.Images;

/// <summary>Reads the values of a mapping by their types and reports every one that is wrong, unknown or there twice.</summary>
internal sealed class MappingReader
{
    private readonly Dictionary<string, ListEntry> _entries = [];
    private readonly ListMapping _mapping;
    private readonly ListProblems _problems;

    public MappingReader(ListMapping mapping, IReadOnlyList<string> known, ListProblems problems)
    {
        _mapping = mapping;
        _problems = problems;
        foreach (var entry in mapping.Entries)
        {
            if (!known.Contains(entry.Key))
            {
                var nearest = NearestName.Of(entry.Key, known);
                var advice = nearest is null ? $"known are {string.Join(", ", known)}" : $"did you mean '{nearest}'?";
                problems.Add(entry.Location, $"unknown key {Quoted.Show(entry.Key)}; {advice}");
            }
            else if (!_entries.TryAdd(entry.Key, entry))
            {
                problems.Add(entry.Location, $"key '{entry.Key}' is there twice; keep one");
            }
        }
    }

    /// <summary>Where a key stands, or the mapping when it is not there.</summary>
    public string LocationOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Location : _mapping.Location;

    public bool Has(string key) => _entries.ContainsKey(key);

    public ListNode? Node(string key) => _entries.GetValueOrDefault(key)?.Value;

    public string? Text(string key) =>
        Node(key) is { } node ? TextOf(node, key) : null;

    public IReadOnlyList<(string Location, string Text)>? Texts(string key, string example = "[\"3.20\", \"3.21\"]")
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        if (node is not ListSequence sequence)
        {
            _problems.Add(LocationOf(key), $"'{key}' must be a list such as {example}");
            return null;
        }

        return [.. sequence.Items.Select(item => (item.Location, Text: TextOf(item, $"each of '{key}'"))).Where(item => item.Text is not null)!];
    }

    public bool Flag(string key)
    {
        if (Node(key) is not { } node)
        {
            return false;
        }

        if (node is ListScalar { IsLiteral: true, Text: "true" or "false" } scalar)
        {
            return scalar.Text == "true";
        }

        _problems.Add(LocationOf(key), $"'{key}' must be true or false");
        return false;
    }

    public int? Number(string key, int min, int max)
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        if (node is ListScalar { IsLiteral: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            return number;
        }

        _problems.Add(LocationOf(key), $"'{key}' must be a whole number from {min} to {max}");
        return null;
    }

    private string? TextOf(ListNode node, string what)
    {
        if (node is ListScalar { IsText: true, Text.Length: > 0 } scalar)
        {
            return scalar.Text;
        }

        _problems.Add(node.Location, what[0] == 'e' ? $"{what} must be a string in quotes" : $"'{what}' must be a string");
        return null;
    }
}
