namespace Ebb.Kubernetes.Workloads;

/// <summary>How far a Deployment, StatefulSet or DaemonSet is, judged as <c>kubectl rollout status</c> does (kubectl 1.32, polymorphichelpers/rollout_status.go).</summary>
/// <param name="Phase">Whether it is done, under way or stuck.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Desired">Pods that should run.</param>
/// <param name="Updated">Pods of the newest template.</param>
/// <param name="Available">Pods of the newest template that are ready for long enough.</param>
public sealed record RolloutStatus(RolloutPhase Phase, string Message, long Desired, long Updated, long Available)
{
    /// <summary>Whether every pod is of the newest template and available, and no older one is left.</summary>
    public bool IsComplete => Phase == RolloutPhase.Complete;

    /// <summary>Reads it from a workload.</summary>
    /// <exception cref="ArgumentException">The object is none of the three kinds.</exception>
    public static RolloutStatus Of(KubernetesObject workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var counts = WorkloadCounts.Of(workload);
        if ((workload.Status.Number("observedGeneration") ?? 0) < workload.Metadata.Generation)
        {
            return counts.Under("its controller has not seen the change yet");
        }

        return workload.Kind switch
        {
            "Deployment" => OfDeployment(workload, counts),
            "StatefulSet" => OfStatefulSet(workload, counts),
            "DaemonSet" => OfDaemonSet(workload, counts),
            _ => throw new ArgumentException($"{workload} has no rollout.", nameof(workload)),
        };
    }

    private static RolloutStatus OfDeployment(KubernetesObject workload, WorkloadCounts counts)
    {
        if (workload.Condition("Progressing") is { Reason: "ProgressDeadlineExceeded" } late)
        {
            return counts.As(RolloutPhase.Failed, $"it exceeded its progress deadline: {late.Message}");
        }

        return counts switch
        {
            _ when workload.Spec.Flag("paused") && counts.Updated < counts.Desired => counts.Under("it is paused"),
            { Updated: var updated, Desired: var desired } when updated < desired => counts.Under($"{updated} of {desired} new pods have been made"),
            { Total: var total, Updated: var updated } when total > updated => counts.Under($"{total - updated} old pods are still to end"),
            { Available: var available, Updated: var updated } when available < updated => counts.Under($"{available} of {updated} new pods are available"),
            _ => counts.As(RolloutPhase.Complete, "it is rolled out"),
        };
    }

    private static RolloutStatus OfStatefulSet(KubernetesObject workload, WorkloadCounts counts)
    {
        var strategy = workload.Spec.Child("updateStrategy");
        if (strategy.Text("type") == "OnDelete")
        {
            return counts.As(RolloutPhase.Unknown, "its update strategy is OnDelete: pods change only when somebody deletes them");
        }

        var partition = strategy.Child("rollingUpdate").Number("partition") ?? 0;
        var revisions = (workload.Status.Text("updateRevision"), workload.Status.Text("currentRevision"));
        return counts switch
        {
            _ when (workload.Status.Number("readyReplicas") ?? 0) < counts.Desired => counts.Under($"{workload.Status.Number("readyReplicas") ?? 0} of {counts.Desired} pods are ready"),
            _ when partition > 0 => counts.Updated < counts.Desired - partition
                ? counts.Under($"{counts.Updated} of {counts.Desired - partition} new pods have been made")
                : counts.As(RolloutPhase.Complete, $"it is rolled out to the partition at {partition}"),
            _ when revisions.Item1 != revisions.Item2 => counts.Under($"{counts.Updated} of {counts.Desired} pods are at the new revision"),
            { Available: var available, Desired: var desired } when available < desired => counts.Under($"{available} of {desired} pods are available"),
            _ => counts.As(RolloutPhase.Complete, "it is rolled out"),
        };
    }

    private static RolloutStatus OfDaemonSet(KubernetesObject workload, WorkloadCounts counts) =>
        workload.Spec.Child("updateStrategy").Text("type") == "OnDelete"
            ? counts.As(RolloutPhase.Unknown, "its update strategy is OnDelete: pods change only when somebody deletes them")
            : counts switch
            {
                { Updated: var updated, Desired: var desired } when updated < desired => counts.Under($"{updated} of {desired} new pods have been made"),
                { Available: var available, Desired: var desired } when available < desired => counts.Under($"{available} of {desired} pods are available"),
                _ => counts.As(RolloutPhase.Complete, "it is rolled out"),
            };

    private sealed record WorkloadCounts(long Desired, long Updated, long Available, long Total)
    {
        public static WorkloadCounts Of(KubernetesObject workload) => workload.Kind == "DaemonSet"
            ? new WorkloadCounts(Number(workload, "desiredNumberScheduled"), Number(workload, "updatedNumberScheduled"), Number(workload, "numberAvailable"), 0)
            : new WorkloadCounts(workload.Spec.Number("replicas") ?? 1, Number(workload, "updatedReplicas"), Number(workload, "availableReplicas"), Number(workload, "replicas"));

        public RolloutStatus Under(string message) => As(RolloutPhase.Progressing, message);

        public RolloutStatus As(RolloutPhase phase, string message) => new(phase, message, Desired, Updated, Available);

        private static long Number(KubernetesObject workload, string name) => workload.Status.Number(name) ?? 0;
    }
}

/// <summary>Where a rollout stands.</summary>
public enum RolloutPhase
{
    /// <summary>Under way.</summary>
    Progressing,

    /// <summary>Done.</summary>
    Complete,

    /// <summary>Its controller gave up (the progress deadline).</summary>
    Failed,

    /// <summary>Nobody rolls it out: pods change only when they are deleted.</summary>
    Unknown,
}
