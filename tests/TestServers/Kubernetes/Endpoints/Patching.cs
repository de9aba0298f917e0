using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Endpoints;

/// <summary>JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).</summary>
internal static class Patching
{
    public static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value is JsonObject change ? Merge(target[name] as JsonObject is { } child ? child.Copy() : [], change) : value.DeepClone();
            }
        }

        return target;
    }

    public static JsonObject Apply(JsonObject target, JsonArray steps)
    {
        foreach (var step in steps.OfType<JsonObject>())
        {
            var path = step.Text("path") ?? throw Failure("the path is missing");
            switch (step.Text("op"))
            {
                case "add":
                    Add(target, path, step["value"]);
                    break;
                case "remove":
                    Remove(target, path);
                    break;
                case "replace":
                    Remove(target, path);
                    Add(target, path, step["value"]);
                    break;
                case "test" when JsonNode.DeepEquals(Find(target, path), step["value"]):
                    break;
                case "test":
                    throw Failure($"testing value {path} failed: test failed");
                default:
                    throw Failure($"unexpected kind '{step.Text("op")}'");
            }
        }

        return target;
    }

    private static void Add(JsonObject target, string path, JsonNode? value)
    {
        var (parent, last) = Parent(target, path);
        switch (parent)
        {
            case JsonObject map:
                map[last] = value?.DeepClone();
                break;
            case JsonArray list when last == "-":
                list.Add(value?.DeepClone());
                break;
            case JsonArray list when int.TryParse(last, out var index) && index <= list.Count:
                list.Insert(index, value?.DeepClone());
                break;
            default:
                throw Failure($"add operation does not apply: doc is missing path: \"{path}\": missing value");
        }
    }

    private static void Remove(JsonObject target, string path)
    {
        var (parent, last) = Parent(target, path);
        if (parent is JsonObject map && map.Remove(last))
        {
            return;
        }

        if (parent is JsonArray list && int.TryParse(last, out var index) && index < list.Count)
        {
            list.RemoveAt(index);
            return;
        }

        throw Failure($"remove operation does not apply: doc is missing path: \"{path}\": missing value");
    }

    private static (JsonNode? Parent, string Last) Parent(JsonObject target, string path)
    {
        var cut = path.LastIndexOf('/');
        return cut < 0 ? throw Failure($"'{path}' is no path") : (Find(target, path[..cut]), Unescape(path[(cut + 1)..]));
    }

    private static JsonNode? Find(JsonNode target, string path)
    {
        var node = (JsonNode?)target;
        foreach (var part in path.Split('/').Skip(1).Select(Unescape))
        {
            node = node switch { JsonObject map => map[part], JsonArray list when int.TryParse(part, out var index) && index < list.Count => list[index], _ => null };
        }

        return node;
    }

    private static string Unescape(string part) => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    // An invalid patch is the object's fault, not the request's (apiserver, endpoints/handlers/patch.go).
    private static ApiException Failure(string why) => new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}");
}
