using Ebb.Kubernetes;
using Ebb.Kubernetes.Workloads;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.Worker;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>Follows a workload's rollout until it is healthy, or it is clear that it will not be.</summary>
internal sealed class WorkloadWatch(KubernetesClient cluster, BumpOptions options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>The uids of its pods.</summary>
    public async Task<IReadOnlySet<string>> PodsAsync(Workload workload, CancellationToken cancellationToken) =>
        (await ListPodsAsync(workload, cancellationToken)).Select(pod => pod.Uid()).ToHashSet(StringComparer.Ordinal);

    /// <summary>Waits until Reloader has changed the pod template.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="before">The template's fingerprint before the change; null when nobody knows: then there is nothing to wait for.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task UntilReloadedAsync(Workload workload, string? before, StepLog steps, CancellationToken cancellationToken)
    {
        if (before is null)
        {
            return;
        }

        steps.Waiting($"Reloader is to restart {workload.Key}");
        try
        {
            await cluster.WaitAsync(
                workload.Reference, source => source is not null && new Workload(workload.Reference.Type, source).Fingerprint != before, options.SyncTimeout, cancellationToken);
        }
        catch (KubernetesException late) when (late.Fault == KubernetesFault.TimedOut)
        {
            throw new ChangeException(
                FailureKind.TimedOut, "not-reloaded", $"Reloader did not restart {workload.Key} within {options.SyncTimeout}, although its annotations leave that to it",
                "Is Reloader running, and does it watch this namespace? The version is written and synced; ask again to go on.", late);
        }

        steps.Done("restart", $"{workload.Key} was restarted by Reloader");
    }

    /// <summary>Waits until every pod is of the newest template and available.</summary>
    public async Task UntilHealthyAsync(Workload workload, IReadOnlySet<string> podsBefore, StepLog steps, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var troubledSince = (Reason: "", Since: 0L);
        while (true)
        {
            var status = await StatusAsync(workload, Left(began), cancellationToken);
            if (status.IsComplete)
            {
                steps.Done("rollout", $"{workload.Key}: {status.Available} of {status.Desired} pods are new and available");
                return;
            }

            var failure = await FailureAsync(workload, podsBefore, cancellationToken);
            var reason = $"{failure?.Container}/{failure?.Reason}";
            troubledSince = failure is null || troubledSince.Reason == reason ? troubledSince : (reason, time.GetTimestamp());
            if (status.Phase is RolloutPhase.Failed or RolloutPhase.Unknown || Left(began) <= TimeSpan.Zero || (failure is not null && time.GetElapsedTime(troubledSince.Since) >= options.PodPatience))
            {
                throw Failed(workload, status, failure);
            }

            steps.Waiting($"{workload.Key}: {status.Message}{(failure is null ? "" : $"; {failure}")}");
        }
    }

    private TimeSpan Left(long began) => options.RolloutTimeout - time.GetElapsedTime(began);

    // As soon as it is complete or has failed, else after a look's time.
    private async Task<RolloutStatus> StatusAsync(Workload workload, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            var wait = left < Look ? left : Look;
            var source = await cluster.WaitAsync(
                workload.Reference, source => source is null || RolloutStatus.Of(source).Phase != RolloutPhase.Progressing, wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), cancellationToken);
            return Status(workload, source);
        }
        catch (KubernetesException late) when (late.Fault == KubernetesFault.TimedOut)
        {
            return Status(workload, late.LastSeen ?? await cluster.FindAsync(workload.Reference, cancellationToken));
        }
    }

    private static RolloutStatus Status(Workload workload, KubernetesObject? source) => source is not null ? RolloutStatus.Of(source) : throw new ChangeException(
        FailureKind.Conflict, "gone", $"{workload.Reference} was deleted while its rollout was followed", "The version is written; ask again when the workload is back.");

    private async Task<PodFailure?> FailureAsync(Workload workload, IReadOnlySet<string> podsBefore, CancellationToken cancellationToken) =>
        (await ListPodsAsync(workload, cancellationToken))
            .Where(pod => pod.DeletionTimestamp() is null && !podsBefore.Contains(pod.Uid()))
            .Select(PodFailure.Of)
            .FirstOrDefault(failure => failure is not null);

    private async Task<IReadOnlyList<KubernetesObject>> ListPodsAsync(Workload workload, CancellationToken cancellationToken) =>
        workload.PodSelector is { Length: > 0 } selector
            ? (await cluster.ListAsync(ResourceTypes.Pods, workload.Reference.Namespace, new ListOptions { LabelSelector = selector }, cancellationToken)).Items
            : [];

    private ChangeException Failed(Workload workload, RolloutStatus status, PodFailure? failure) => (failure, status.Phase) switch
    {
        ({ } pod, _) => new(
            FailureKind.Unprocessable, "unhealthy", $"{workload.Key} does not run with the new version: {pod}", "Mend the image or its configuration, or roll back."),
        (_, RolloutPhase.Unknown) => new(FailureKind.Unprocessable, "not-rolled-out", $"{workload.Key} is not rolled out by itself: {status.Message}", "Delete its pods, or change its update strategy."),
        (_, RolloutPhase.Failed) => new(FailureKind.Unprocessable, "unhealthy", $"{workload.Key}: {status.Message}", "Look at its pods, or roll back."),
        _ => new(FailureKind.TimedOut, "slow", $"{workload.Key} was not rolled out within {options.RolloutTimeout}: {status.Message}", "Look at its pods; ask again to go on following it, or roll back."),
    };
}
