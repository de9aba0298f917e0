using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>Objects and patches on their way to the server.</summary>
internal static class Written
{
    /// <summary>The object that a content is about.</summary>
    public static ObjectReference Reference(ResourceType type, JsonObject content)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(content);
        if (content.Text("apiVersion") != type.ApiVersion || content.Text("kind") != type.Kind)
        {
            throw new ArgumentException(
                $"The object is a '{content.Text("apiVersion")} {content.Text("kind")}' and not a '{type.ApiVersion} {type.Kind}'.", nameof(content));
        }

        var metadata = content.Child("metadata");
        return new ObjectReference(type, metadata.Text("namespace"), metadata.Text("name") ?? "");
    }

    public static void RequireVersion(JsonObject content)
    {
        if (string.IsNullOrEmpty(content.Child("metadata").Text("resourceVersion")))
        {
            throw new ArgumentException("The object has no metadata.resourceVersion: replacing it could undo a change that nobody saw.", nameof(content));
        }
    }

    public static ApplyOutcome Outcome(KubernetesObject? before, KubernetesObject after) =>
        before is null || before.Metadata.Uid != after.Metadata.Uid ? ApplyOutcome.Created
        : before.Metadata.ResourceVersion == after.Metadata.ResourceVersion ? ApplyOutcome.Unchanged
        : ApplyOutcome.Updated;

    /// <summary>A merge patch that holds for one version of the object only (Kubernetes API Concepts, "Patch and update").</summary>
    public static JsonObject WithVersion(JsonObject patch, string version)
    {
        var copy = patch.DeepClone().AsObject();
        if (copy.Child("metadata") is not { } metadata)
        {
            copy["metadata"] = metadata = [];
        }

        metadata["resourceVersion"] = version;
        return copy;
    }

    /// <summary>A JSON patch that holds for one version of the object only.</summary>
    public static JsonArray WithVersion(JsonArray patch, string version)
    {
        var copy = patch.DeepClone().AsArray();

        // Not "test", which would fail as an invalid patch: a differing version is a conflict this way.
        copy.Insert(0, new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = version });
        return copy;
    }

    public static JsonObject DeleteBody(DeleteOptions options)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options.Propagation is { } propagation)
        {
            body["propagationPolicy"] = propagation.ToString();
        }

        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            Add(preconditions, "uid", options.Uid);
            Add(preconditions, "resourceVersion", options.ResourceVersion);
            body["preconditions"] = preconditions;
        }

        if (options.GracePeriod is { } grace)
        {
            body["gracePeriodSeconds"] = (long)Math.Ceiling(grace.TotalSeconds);
        }

        return body;
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
