using System.Text.Json.Nodes;
using Ebb.Http;
using k8s.Models;

namespace Ebb.Kubernetes.Workloads;

/// <summary>Why a pod does not run, in the words of its status (Kubernetes API v1.32, PodStatus and ContainerStatus).</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container; null when it concerns the whole pod.</param>
/// <param name="Reason">One word: <c>ImagePullBackOff</c>, <c>CrashLoopBackOff</c>, <c>Unschedulable</c>, <c>OOMKilled</c>.</param>
/// <param name="Message">A sentence for people; may be empty.</param>
/// <param name="ExitCode">How the container last ended; null when it did not.</param>
public sealed record PodFailure(string Pod, string? Container, string Reason, string Message, int? ExitCode)
{
    // Waiting for these is normal and passes by itself.
    private static readonly string[] Normal = ["ContainerCreating", "PodInitializing"];

    /// <summary>The first failure of a pod; null when it has none.</summary>
    public static PodFailure? Of(KubernetesObject pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return Containers(pod).Select(container => OfContainer(pod, container)).FirstOrDefault(failure => failure is not null) ?? OfPod(pod);
    }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"pod {Pod}{(Container is null ? "" : $", container {Container}")}: {Reason}{(ExitCode is null ? "" : $" (exit code {ExitCode})")}{(Message.Length == 0 ? "" : $": {Message}")}";

    private static IEnumerable<JsonObject> Containers(KubernetesObject pod) =>
        pod.Status.Items("initContainerStatuses").Concat(pod.Status.Items("containerStatuses")).OfType<JsonObject>();

    private static PodFailure? OfContainer(KubernetesObject pod, JsonObject container)
    {
        var state = container.Child("state");
        var last = state.Child("terminated") ?? container.Child("lastState").Child("terminated");
        if (state.Child("waiting") is { } waiting && waiting.Text("reason") is { Length: > 0 } reason && !Normal.Contains(reason))
        {
            return Failure(pod, container, reason, waiting, last);
        }

        return state.Child("terminated") is { } ended && ended.Number("exitCode") is not (null or 0)
            ? Failure(pod, container, ended.Text("reason") is { Length: > 0 } why ? why : "Error", ended, ended)
            : null;
    }

    private static PodFailure Failure(KubernetesObject pod, JsonObject container, string reason, JsonObject state, JsonObject? last)
    {
        var message = state.Text("message") ?? "";
        if (last.Text("reason") is { Length: > 0 } ended && ended != reason)
        {
            message = message.Length == 0 ? $"it last ended with {ended}" : $"{message}; it last ended with {ended}";
        }

        return new PodFailure(pod.Name(), container.Text("name"), reason, Redaction.Text(message).Trim(), (int?)last.Number("exitCode"));
    }

    private static PodFailure? OfPod(KubernetesObject pod)
    {
        if (pod.Condition("PodScheduled") is { Status: "False" } scheduled)
        {
            return new PodFailure(pod.Name(), null, scheduled.Reason.Length > 0 ? scheduled.Reason : "Unschedulable", Redaction.Text(scheduled.Message), null);
        }

        return pod.Status.Text("phase") == "Failed"
            ? new PodFailure(pod.Name(), null, pod.Status.Text("reason") ?? "Failed", Redaction.Text(pod.Status.Text("message") ?? ""), null)
            : null;
    }
}
