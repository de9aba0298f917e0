namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>What becomes of a pod.</summary>
/// <param name="Reason">Why it waits: <c>ImagePullBackOff</c>, <c>CrashLoopBackOff</c>, <c>ContainerCreating</c>; null: it runs and is ready.</param>
/// <param name="Message">The reason in a sentence.</param>
public sealed record PodOutcome(string? Reason, string Message = "")
{
    public static PodOutcome Ready { get; } = new((string?)null);

    /// <summary>It is starting; the test decides later.</summary>
    public static PodOutcome Starting { get; } = new("ContainerCreating");

    public static PodOutcome ImagePullBackOff(string image) => new("ImagePullBackOff", $"Back-off pulling image \"{image}\": ErrImagePull: manifest unknown");

    public static PodOutcome CrashLoopBackOff { get; } = new("CrashLoopBackOff", "back-off 5m0s restarting failed container=app pod=app-1");

    /// <summary>Whether the deployment's progress deadline is over.</summary>
    public bool DeadlineExceeded { get; init; }
}
