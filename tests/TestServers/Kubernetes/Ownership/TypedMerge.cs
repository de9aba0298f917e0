using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes.Schemas;

namespace Ebb.TestServers.Kubernetes.Ownership;

/// <summary>Merges an applied configuration into an object, and takes fields out of it (structured-merge-diff, typed/merge.go and remove.go).</summary>
internal static class TypedMerge
{
    public static JsonObject Merge(JsonObject live, JsonObject applied, Schema schema)
    {
        var merged = live.Copy();
        foreach (var (name, member) in applied)
        {
            merged[name] = Merge(merged[name], member, schema.Member(name) ?? Schema.Any);
        }

        return merged;
    }

    /// <summary>Takes out a field. Structures that are left empty go too.</summary>
    public static void Remove(JsonObject item, string path, Schema schema) => Remove(item, FieldSet.Split(path), schema);

    private static JsonNode? Merge(JsonNode? live, JsonNode? applied, Schema schema) => (live, applied) switch
    {
        (JsonObject old, JsonObject now) when !schema.Atomic => Merge(old, now, schema),
        (JsonArray old, JsonArray now) when schema.Keys.Count > 0 => MergeItems(old, now, schema),
        (JsonArray old, JsonArray now) when schema.IsSet =>
            new JsonArray([.. old.Concat(now).Select(item => item!.DeepClone()).DistinctBy(item => item.ToJsonString())]),
        _ => applied?.DeepClone(),
    };

    private static JsonArray MergeItems(JsonArray live, JsonArray applied, Schema schema)
    {
        var merged = live.DeepClone().AsArray();
        foreach (var item in applied.OfType<JsonObject>())
        {
            var key = FieldSet.KeyElement(item, schema.Keys);
            var index = merged.ToList().FindIndex(other => other is JsonObject map && FieldSet.KeyElement(map, schema.Keys) == key);
            if (index < 0)
            {
                merged.Add(item.DeepClone());
            }
            else
            {
                merged[index] = Merge(merged[index]!.AsObject(), item, schema.Items!);
            }
        }

        return merged;
    }

    private static void Remove(JsonNode? node, ReadOnlySpan<string> path, Schema schema)
    {
        var element = path[0];
        if (node is JsonObject map && element.StartsWith("f:", StringComparison.Ordinal))
        {
            var name = element[2..];
            if (path.Length == 1)
            {
                map.Remove(name);
            }
            else if (map[name] is { } child)
            {
                Remove(child, path[1..], schema.Member(name) ?? Schema.Any);
                if (child is JsonObject { Count: 0 } or JsonArray { Count: 0 })
                {
                    map.Remove(name);
                }
            }
        }
        else if (node is JsonArray list && list.FirstOrDefault(item => Is(item, element, schema)) is { } found)
        {
            if (path.Length == 1)
            {
                list.Remove(found);
            }
            else
            {
                Remove(found, path[1..], schema.Items ?? Schema.Any);
            }
        }
    }

    private static bool Is(JsonNode? item, string element, Schema schema) => element.StartsWith("v:", StringComparison.Ordinal)
        ? item?.ToJsonString() == element[2..]
        : item is JsonObject map && FieldSet.KeyElement(map, schema.Keys) == element;
}
