using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.PrPreview.Values;

/// <summary>
/// What a branch may set: paths such as <c>resources.limits.memory</c>, where <c>*</c> stands for any one key or list entry. A path allows
/// a single value at its end and nothing below it, so what is not foreseen here does not get through: no reference to a Secret, no volume,
/// no host path.
/// </summary>
internal sealed partial class AllowedKeys
{
    private const string Any = "*";

    private readonly IReadOnlyList<string[]> _paths;

    private AllowedKeys(IReadOnlyList<string[]> paths) => _paths = paths;

    /// <summary>What the base chart's users change for a preview, and none of what could reach beyond it.</summary>
    public static string Default { get; } = string.Join(',',
        "env.*", "env.*.name", "env.*.value", "config.*", "config.*.*", "logLevel", "command.*", "args.*", "containerPort", "port",
        "service.port", "service.targetPort", "resources.requests.cpu", "resources.requests.memory", "resources.limits.cpu",
        "resources.limits.memory", "livenessProbe.*", "livenessProbe.httpGet.path", "livenessProbe.httpGet.port", "readinessProbe.*",
        "readinessProbe.httpGet.path", "readinessProbe.httpGet.port", "startupProbe.*", "startupProbe.httpGet.path", "startupProbe.httpGet.port");

    /// <summary>Reads a comma-separated list; null, with the problems, when there are any.</summary>
    public static AllowedKeys? Parse(string key, string text, ICollection<string> problems)
    {
        var before = problems.Count;
        var paths = new List<string[]>();
        foreach (var path in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Path().IsMatch(path))
            {
                paths.Add(path.Split('.'));
            }
            else
            {
                problems.Add($"{key} holds '{path}'; a path is keys of letters, digits, '-' and '_' or a single * joined by dots, such as env.*.value, and does not begin with *.");
            }
        }

        return problems.Count == before ? new AllowedKeys(paths) : null;
    }

    /// <summary>The allowed part of a branch's values, and the paths of what was left out.</summary>
    public (JsonObject Values, IReadOnlyList<string> LeftOut) Filter(JsonObject values)
    {
        var leftOut = new List<string>();
        var kept = Mapping(values, [], leftOut);
        return (kept ?? [], leftOut);
    }

    private JsonObject? Mapping(JsonObject mapping, string[] at, List<string> leftOut)
    {
        var kept = new JsonObject();
        foreach (var (key, value) in mapping)
        {
            string[] path = [.. at, key];
            if (IsTemplate(key))
            {
                leftOut.Add(string.Join('.', path));
            }
            else if (Kept(value, path, leftOut, out var node))
            {
                kept[key] = node;
            }
        }

        return kept.Count == 0 ? null : kept;
    }

    private bool Kept(JsonNode? value, string[] path, List<string> leftOut, out JsonNode? kept)
    {
        switch (value)
        {
            case JsonObject mapping when mapping.Count > 0 && IsOnTheWay(path):
                kept = Mapping(mapping, path, leftOut);
                return kept is not null;
            case JsonArray list when list.Count > 0 && IsOnTheWay(path):
                kept = List(list, path, leftOut);
                return kept is not null;
            case null or JsonValue when IsAllowed(path) && !IsTemplate(value):
                kept = value?.DeepClone();
                return true;
            default:
                leftOut.Add(string.Join('.', path));
                kept = null;
                return false;
        }
    }

    /// <summary>Entries that are not allowed as a whole are left out as a whole: half of one would mean something else.</summary>
    private JsonArray? List(JsonArray list, string[] at, List<string> leftOut)
    {
        var kept = new JsonArray();
        for (var i = 0; i < list.Count; i++)
        {
            var before = leftOut.Count;
            if (Kept(list[i], [.. at, $"[{i}]"], leftOut, out var entry) && leftOut.Count == before)
            {
                kept.Add(entry);
            }
        }

        return kept.Count == 0 ? null : kept;
    }

    private static bool IsTemplate(JsonNode? value) => value?.GetValueKind() is System.Text.Json.JsonValueKind.String && IsTemplate(value.GetValue<string>());

    // A chart may put values through its template engine, keys included; a branch has nothing to compute there.
    private static bool IsTemplate(string text) => text.Contains("{{", StringComparison.Ordinal);

    private bool IsAllowed(string[] path) => _paths.Any(allowed => allowed.Length == path.Length && Begins(allowed, path));

    private bool IsOnTheWay(string[] path) => _paths.Any(allowed => allowed.Length > path.Length && Begins(allowed, path));

    private static bool Begins(string[] allowed, string[] path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (allowed[i] != Any && !string.Equals(allowed[i], path[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(?:\.(?:[A-Za-z0-9_-]+|\*))*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Path();
}
