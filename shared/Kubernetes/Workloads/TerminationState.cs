using System.Text.Json.Nodes;
using k8s.Models;

namespace Ebb.Kubernetes.Workloads;

/// <summary>Why a deleted object is still there.</summary>
/// <param name="Since">When it was deleted; null when it was not.</param>
/// <param name="Finalizers">Who must still clean up.</param>
/// <param name="Remaining">For a namespace, what the server says is left in it: contents, finalizers of contents, failures (Namespace v1 core, NamespaceCondition).</param>
public sealed record TerminationState(DateTimeOffset? Since, IReadOnlyList<string> Finalizers, IReadOnlyList<string> Remaining)
{
    /// <summary>Reads it from an object.</summary>
    public static TerminationState Of(KubernetesObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        DateTimeOffset? since = item.DeletionTimestamp() is { } time ? new(time) : null;
        return new TerminationState(since, [.. item.Finalizers() ?? []], item.Kind == V1Namespace.KubeKind ? [.. Contents(item)] : []);
    }

    /// <summary>A sentence or two for people.</summary>
    public override string ToString()
    {
        var since = Since is { } time ? $"It is being deleted since {time:O}" : "It is not being deleted";
        var finalizers = Finalizers.Count == 0 ? "" : $" and waits for {(Finalizers.Count == 1 ? "the finalizer" : "the finalizers")} {string.Join(", ", Finalizers)}";
        return $"{since}{finalizers}.{string.Concat(Remaining.Select(remaining => " " + remaining.TrimEnd('.') + "."))}";
    }

    private static IEnumerable<string> Contents(KubernetesObject item) =>
        item.Status.Items("conditions").OfType<JsonObject>()
            .Select(Condition.Of)
            .Where(condition => condition.IsTrue && condition.Type.StartsWith("Namespace", StringComparison.Ordinal))
            .Select(condition => condition.Message.Length > 0 ? condition.Message : condition.Type);
}
