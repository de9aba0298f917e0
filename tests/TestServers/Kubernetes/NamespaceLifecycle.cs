using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>
/// What the NamespaceLifecycle admission plugin and the namespace controller do: nothing new in a namespace that ends, its contents
/// are deleted, and it goes when the last of them is gone (kubernetes, plugin/pkg/admission/namespace/lifecycle; pkg/controller/namespace/deletion).
/// </summary>
internal sealed class NamespaceLifecycle(ObjectStore store, ApiResources resources, TimeProvider time)
{
    public bool IsRunning { get; set; } = true;

    public void Admit(ApiResource resource, JsonObject item)
    {
        if (!resource.Namespaced)
        {
            return;
        }

        var name = item.Namespace() ?? throw ApiException.BadRequest("the namespace of the object is missing");
        var found = store.Find(resources.Named("namespaces"), null, name) ?? throw ApiException.NotFound(resources.Named("namespaces"), name);
        if (found.IsDeleted())
        {
            throw ApiException.Forbidden(
                resource, item.Name(), $"unable to create new content in namespace {name} because it is being terminated",
                new ApiCause("NamespaceTerminating", $"namespace {name} is being terminated", "metadata.namespace"));
        }
    }

    public static void OnDelete(ApiResource resource, JsonObject item)
    {
        if (resource.Plural == "namespaces")
        {
            Status(item)["phase"] = "Terminating";
        }
    }

    /// <summary>Whether nobody holds a deleted object any more.</summary>
    public static bool IsReleased(ApiResource resource, JsonObject item) =>
        item.Finalizers().Count == 0 && (resource.Plural != "namespaces" || !item.Child("spec").Texts("finalizers").Any());

    /// <summary>Does what is due; true when that was something.</summary>
    public bool Step(string now)
    {
        var type = resources.Named("namespaces");
        var worked = false;
        foreach (var item in IsRunning ? store.List(type, null).Where(item => item.IsDeleted()).ToList() : [])
        {
            worked |= Empty(item, now) | Report(type, item);
        }

        return worked;
    }

    private bool Empty(JsonObject item, string now)
    {
        var worked = false;
        foreach (var (resource, content) in Contents(item.Name()).Where(content => !content.Item.IsDeleted()).ToList())
        {
            if (content.Finalizers().Count == 0)
            {
                store.Remove(resource, content);
            }
            else
            {
                var deleted = content.Copy();
                deleted.Metadata()["deletionTimestamp"] = now;
                deleted.Metadata()["deletionGracePeriodSeconds"] = 0;
                store.Write(resource, deleted);
            }

            worked = true;
        }

        return worked;
    }

    private bool Report(ApiResource type, JsonObject item)
    {
        var contents = Contents(item.Name()).ToList();
        var next = item.Copy();
        Status(next)["conditions"] = Conditions(contents, next.Child("status").Objects("conditions").ToDictionary(condition => condition.Text("type") ?? ""));
        if (contents.Count == 0)
        {
            next["spec"] = new JsonObject();
        }

        if (contents.Count == 0 && IsReleased(type, next))
        {
            store.Remove(type, item);
            return true;
        }

        if (JsonNode.DeepEquals(item, next))
        {
            return false;
        }

        store.Write(type, next);
        return true;
    }

    private JsonArray Conditions(List<(ApiResource Resource, JsonObject Item)> contents, Dictionary<string, JsonObject> old)
    {
        var remaining = string.Join(", ", contents.GroupBy(content => content.Resource).Select(group => $"{group.Key.Plural}.{group.Key.Group} has {group.Count()} resource instances"));
        var finalizers = string.Join(", ", contents.SelectMany(content => content.Item.Finalizers()).GroupBy(name => name).Select(group => $"{group.Key} in {group.Count()} resource instances"));
        return
        [
            Condition("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            Condition("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            Condition("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            contents.Count > 0
                ? Condition("NamespaceContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {remaining}")
                : Condition("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed"),
            finalizers.Length > 0
                ? Condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", $"Some content in the namespace has finalizers remaining: {finalizers}")
                : Condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        ];

        JsonObject Condition(string type, bool status, string reason, string message) => new()
        {
            ["type"] = type,
            ["status"] = status ? "True" : "False",
            ["lastTransitionTime"] = old.TryGetValue(type, out var before) && before.Text("status") == (status ? "True" : "False")
                ? before.Text("lastTransitionTime")
                : time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ"),
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    private IEnumerable<(ApiResource Resource, JsonObject Item)> Contents(string name) =>
        resources.All.Where(resource => resource.Namespaced).DistinctBy(resource => resource.QualifiedName)
            .SelectMany(resource => store.List(resource, name).Select(item => (resource, item)));

    private static JsonObject Status(JsonObject item)
    {
        if (item["status"] is not JsonObject status)
        {
            item["status"] = status = [];
        }

        return status;
    }
}
