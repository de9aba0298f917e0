using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>The parts of an object that every type has.</summary>
public static class ObjectJson
{
    public static JsonObject Metadata(this JsonObject item)
    {
        if (item["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        metadata = [];
        item["metadata"] = metadata;
        return metadata;
    }

    public static string? Text(this JsonObject? json, string name) => json?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long Number(this JsonObject? json, string name, long otherwise = 0) =>
        json?[name] is JsonValue value && long.TryParse(value.ToJsonString(), out var number) ? number : otherwise;

    public static bool Flag(this JsonObject? json, string name) => json?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static JsonObject? Child(this JsonObject? json, string name) => json?[name] as JsonObject;

    public static IEnumerable<JsonObject> Objects(this JsonObject? json, string name) => (json?[name] as JsonArray ?? []).OfType<JsonObject>();

    public static IEnumerable<string> Texts(this JsonObject? json, string name) => (json?[name] as JsonArray ?? []).Select(item => item!.GetValue<string>());

    public static string Name(this JsonObject item) => item.Child("metadata").Text("name") ?? "";

    public static string? Namespace(this JsonObject item) => item.Child("metadata").Text("namespace");

    public static string Uid(this JsonObject item) => item.Child("metadata").Text("uid") ?? "";

    public static string Version(this JsonObject item) => item.Child("metadata").Text("resourceVersion") ?? "";

    public static bool IsDeleted(this JsonObject item) => item.Child("metadata")?["deletionTimestamp"] is not null;

    public static IReadOnlyList<string> Finalizers(this JsonObject item) => [.. item.Child("metadata").Texts("finalizers")];

    public static string? Annotation(this JsonObject item, string name) => item.Child("metadata").Child("annotations").Text(name);

    public static string? Label(this JsonObject item, string name) => item.Child("metadata").Child("labels").Text(name);

    public static void SetFinalizers(this JsonObject item, IEnumerable<string> finalizers)
    {
        var list = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]);
        if (list.Count == 0)
        {
            item.Metadata().Remove("finalizers");
        }
        else
        {
            item.Metadata()["finalizers"] = list;
        }
    }

    /// <summary>A copy that may be changed.</summary>
    public static JsonObject Copy(this JsonObject item) => item.DeepClone().AsObject();
}
