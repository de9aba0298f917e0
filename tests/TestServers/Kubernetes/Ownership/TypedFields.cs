using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes.Schemas;

namespace Ebb.TestServers.Kubernetes.Ownership;

/// <summary>An object's fields by path, as its schema divides it (structured-merge-diff, typed).</summary>
internal static class TypedFields
{
    // What belongs to the server and to nobody else (fieldmanager, stripmeta.go).
    private static readonly string[] Stripped =
    [
        "f:apiVersion", "f:kind", "f:metadata", "f:metadata\u001ff:name", "f:metadata\u001ff:namespace", "f:metadata\u001ff:creationTimestamp", "f:metadata\u001ff:selfLink",
        "f:metadata\u001ff:uid", "f:metadata\u001ff:clusterName", "f:metadata\u001ff:generation", "f:metadata\u001ff:managedFields", "f:metadata\u001ff:resourceVersion",
        "f:metadata\u001ff:deletionTimestamp", "f:metadata\u001ff:deletionGracePeriodSeconds",
    ];

    /// <summary>Every field that has a value of its own, with that value as JSON; items of lists with keys and of sets are fields too.</summary>
    public static Dictionary<string, string> Read(JsonObject item, Schema schema)
    {
        var fields = new Dictionary<string, string>();
        foreach (var (name, member) in item)
        {
            Visit(member, schema.Member(name) ?? Schema.Any, FieldSet.Join("", "f:" + name), fields);
        }

        foreach (var path in fields.Keys.Where(path => Stripped.Contains(path) || path.StartsWith(Stripped[10] + '\u001f', StringComparison.Ordinal)).ToList())
        {
            fields.Remove(path);
        }

        return fields;
    }

    public static FieldSet Set(JsonObject item, Schema schema) => new(Read(item, schema).Keys);

    /// <summary>What became new or another value, and what went.</summary>
    public static (FieldSet Changed, FieldSet Removed) Compare(JsonObject before, JsonObject after, Schema schema)
    {
        var (old, now) = (Read(before, schema), Read(after, schema));
        return (
            new FieldSet(now.Where(field => !old.TryGetValue(field.Key, out var value) || value != field.Value).Select(field => field.Key)),
            new FieldSet(old.Keys.Where(path => !now.ContainsKey(path))));
    }

    private static void Visit(JsonNode? value, Schema schema, string path, Dictionary<string, string> fields)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map when !schema.Atomic:
                foreach (var (name, member) in map)
                {
                    Visit(member, schema.Member(name) ?? Schema.Any, FieldSet.Join(path, "f:" + name), fields);
                }

                break;
            case JsonArray { Count: > 0 } list when schema.Keys.Count > 0:
                foreach (var item in list.OfType<JsonObject>())
                {
                    var at = FieldSet.Join(path, FieldSet.KeyElement(item, schema.Keys));
                    fields[at] = "";
                    foreach (var (name, member) in item)
                    {
                        Visit(member, schema.Items!.Member(name) ?? Schema.Any, FieldSet.Join(at, "f:" + name), fields);
                    }
                }

                break;
            case JsonArray { Count: > 0 } list when schema.IsSet:
                foreach (var item in list)
                {
                    fields[FieldSet.Join(path, "v:" + item?.ToJsonString())] = "";
                }

                break;
            default:
                fields[path] = value?.ToJsonString() ?? "null";
                break;
        }
    }
}
