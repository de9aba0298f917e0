using System.Text.Json.Nodes;
using k8s.Models;

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

    public static ApplyOutcome Outcome(KubernetesObject? before, KubernetesObject after) =>
        before is null || before.Uid() != after.Uid() ? ApplyOutcome.Created
        : before.ResourceVersion() == after.ResourceVersion() ? ApplyOutcome.Unchanged
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
}
