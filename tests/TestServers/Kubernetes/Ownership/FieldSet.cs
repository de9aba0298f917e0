using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Ownership;

/// <summary>
/// A set of fields, written as FieldsV1 (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management;
/// sigs.k8s.io/structured-merge-diff, fieldpath). A path is its elements, <c>f:name</c>, <c>k:{…}</c> or <c>v:…</c>, joined.
/// </summary>
internal sealed class FieldSet(IEnumerable<string> paths)
{
    private const char Separator = '\u001f';
    private readonly SortedSet<string> _paths = new(paths, StringComparer.Ordinal);

    public static FieldSet Empty => new([]);

    public IReadOnlyCollection<string> Paths => _paths;

    public bool IsEmpty => _paths.Count == 0;

    public static string Join(string path, string element) => path.Length == 0 ? element : path + Separator + element;

    public static string[] Split(string path) => path.Split(Separator);

    public bool Contains(string path) => _paths.Contains(path);

    /// <summary>Whether the set has the path or anything below it.</summary>
    public bool Touches(string path) => _paths.Contains(path) || _paths.Any(member => member.StartsWith(path + Separator, StringComparison.Ordinal));

    public FieldSet Union(FieldSet other) => new(_paths.Concat(other._paths));

    public FieldSet Without(FieldSet other) => new(_paths.Where(path => !other.Contains(path)));

    public FieldSet And(FieldSet other) => new(_paths.Where(other.Contains));

    public bool SetEquals(FieldSet other) => _paths.SetEquals(other._paths);

    /// <summary>As messages show a path: <c>.spec.containers[name="web"].image</c>.</summary>
    public static string Describe(string path) => string.Concat(Split(path).Select(element => element[..2] switch
    {
        "f:" => "." + element[2..],
        "k:" => $"[{string.Join(",", JsonNode.Parse(element[2..])!.AsObject().Select(key => $"{key.Key}={key.Value!.ToJsonString()}"))}]",
        _ => $"[={element[2..]}]",
    }));

    public JsonObject ToFieldsV1()
    {
        var root = new JsonObject();
        foreach (var path in _paths)
        {
            var node = root;
            foreach (var element in Split(path))
            {
                if (node[element] is not JsonObject next)
                {
                    next = [];
                    node[element] = next;
                }

                node = next;
            }

            // A member that has members below is told apart by a dot.
            node["."] = new JsonObject();
        }

        Simplify(root);
        return root;
    }

    public static FieldSet FromFieldsV1(JsonObject? fields)
    {
        var paths = new List<string>();
        Collect(fields ?? [], "", paths);
        return new FieldSet(paths);
    }

    private static void Collect(JsonObject node, string path, List<string> paths)
    {
        if (path.Length > 0 && (node.Count == 0 || node.ContainsKey(".")))
        {
            paths.Add(path);
        }

        foreach (var (element, child) in node.Where(entry => entry.Key != "."))
        {
            Collect(child!.AsObject(), Join(path, element), paths);
        }
    }

    private static void Simplify(JsonObject node)
    {
        if (node.Count == 1 && node.ContainsKey("."))
        {
            node.Remove(".");
        }

        foreach (var (_, child) in node.ToList())
        {
            Simplify(child!.AsObject());
        }
    }

    public static string KeyElement(JsonObject item, IReadOnlyList<string> keys)
    {
        // The default of the one key in the built-in types that has one.
        var values = keys.Order(StringComparer.Ordinal).Select(key => KeyValuePair.Create(key, (item[key] ?? (key == "protocol" ? "TCP" : null))?.DeepClone()));
        return "k:" + new JsonObject(values).ToJsonString(JsonSerializerOptions.Default);
    }
}
