using System.Text.Json;
using System.Text.RegularExpressions;
using Ebb.Schedules;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Configuration;

/// <summary>One object of host.json: reads its values, reports the wrong ones and gives the default for them.</summary>
internal sealed partial class HostJsonSection
{
    private static readonly string[] LogLevelNames = Enum.GetNames<LogLevel>();

    private readonly string _path;
    private readonly HostJsonProblems _problems;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.OrdinalIgnoreCase);

    private HostJsonSection(string path, JsonElement element, HostJsonProblems problems, IReadOnlyList<string> known)
    {
        _path = path;
        _problems = problems;
        if (element.ValueKind is not JsonValueKind.Object)
        {
            problems.Wrong(path.Length == 0 ? "$" : path, element, "it must be an object: { … }");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (known.Count > 0 && !known.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
            {
                problems.Unknown(PathOf(property.Name), property.Name, known);
            }
            else if (!_values.TryAdd(property.Name, property.Value))
            {
                problems.Twice(PathOf(property.Name));
            }
        }
    }

    private HostJsonSection(string path, HostJsonProblems problems) => (_path, _problems) = (path, problems);

    public static HostJsonSection Root(JsonElement element, HostJsonProblems problems, params string[] known) =>
        new(string.Empty, element, problems, known);

    /// <summary>An object inside this one; empty when there is none. Without <paramref name="known"/> any key is taken.</summary>
    public HostJsonSection Section(string key, params string[] known) =>
        _values.TryGetValue(key, out var value) ? new(PathOf(key), value, _problems, known) : new(PathOf(key), _problems);

    public bool Has(string key) => _values.ContainsKey(key);

    public void Missing(string key, string right) => _problems.Missing(PathOf(key), right);

    public void Wrong(string key, string right) => _problems.Wrong(PathOf(key), _values[key], right);

    public void RequireText(string key, string expected)
    {
        if (!Has(key))
        {
            Missing(key, $"write \"{key}\": \"{expected}\"");
        }
        else if (Text(key) != expected)
        {
            Wrong(key, $"it must be \"{expected}\"");
        }
    }

    public string? Text(string key) =>
        _values.TryGetValue(key, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public int Integer(string key, int minimum, int maximum, int fallback)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return fallback;
        }

        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Wrong(key, maximum == int.MaxValue ? $"it must be a whole number from {minimum}" : $"it must be a whole number from {minimum} to {maximum}");
        return fallback;
    }

    /// <summary>A limit of at least 1; null for -1 (without limit) and for none.</summary>
    public int? Limit(string key)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number is -1 or > 0)
        {
            return number == -1 ? null : number;
        }

        Wrong(key, "it must be a whole number from 1, or -1 for no limit");
        return null;
    }

    public TimeSpan Duration(string key, TimeSpan minimum, TimeSpan maximum, TimeSpan fallback)
    {
        if (!Has(key))
        {
            return fallback;
        }

        if (DurationText.TryParse(Text(key), out var duration) && duration >= minimum && duration <= maximum)
        {
            return duration;
        }

        Wrong(key, $"it must be a duration as {DurationText.Form}, from {minimum} to {maximum}");
        return fallback;
    }

    public TimeSpan DurationOrEndless(string key, TimeSpan maximum, TimeSpan fallback)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return fallback;
        }

        if (Text(key) == "-1" || (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number == -1))
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (DurationText.TryParse(Text(key), out var duration) && duration > TimeSpan.Zero && duration <= maximum)
        {
            return duration;
        }

        Wrong(key, $"it must be a duration as {DurationText.Form} greater than zero and at most {maximum}, or \"-1\" for no limit");
        return fallback;
    }

    public string RoutePrefix(string key, string fallback)
    {
        if (!Has(key))
        {
            return fallback;
        }

        if (Text(key)?.Trim('/') is { } prefix && PrefixPattern().IsMatch(prefix))
        {
            return prefix;
        }

        Wrong(key, "it must be path segments of letters, digits and - . _ ~ such as \"api\", or \"\" for none");
        return fallback;
    }

    public IReadOnlyDictionary<string, LogLevel> LogLevels(string key, IReadOnlyDictionary<string, LogLevel> fallback)
    {
        var section = Section(key);
        var levels = new Dictionary<string, LogLevel>(fallback, StringComparer.OrdinalIgnoreCase);
        foreach (var category in section._values.Keys)
        {
            if (section.Text(category) is { } text && LogLevelNames.Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                levels[category] = Enum.Parse<LogLevel>(text, ignoreCase: true);
            }
            else
            {
                section.Wrong(category, $"it must be one of {string.Join(", ", LogLevelNames)}");
            }
        }

        return levels;
    }

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    [GeneratedRegex("^([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?\\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PrefixPattern();
}
