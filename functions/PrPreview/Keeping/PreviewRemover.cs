using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.Kubernetes.Workloads;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using k8s.Models;

namespace Ebb.PrPreview.Keeping;

/// <summary>
/// Removes every trace of a preview: ends a sync that runs, deletes the Application and waits for it, deletes the namespace and waits for
/// it, deletes the robot account. Touches only what carries the pull request's mark. Says what holds it up: a finalizer, a missing right.
/// </summary>
internal sealed class PreviewRemover(KubernetesClient cluster, PreviewApplications applications, PullRobots robots, PreviewOptions options, PlaceBook places, PreviewJournal journal)
{
    /// <summary>Works until nothing is left.</summary>
    public async Task RemoveAsync(PreviewAttempt attempt, RemovalReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await RemoveAllAsync(attempt, reason, cancellationToken);
        }
        catch (Exception e) when (Refusal.IsForGood(e))
        {
            // Whoever runs the platform has to act, and the pull request's author cannot: until then it is what it is, not gone and not failed.
            await BeginAsync(attempt, reason, cancellationToken);
            await HoldAsync(attempt, $"blocked: {e.Message}", cancellationToken);
        }
    }

    private async Task RemoveAllAsync(PreviewAttempt attempt, RemovalReason reason, CancellationToken cancellationToken)
    {
        var name = attempt.Subject.Name.Value;
        await GoneAsync(attempt, applications.ReferenceOf(name), reason, cancellationToken);
        await GoneAsync(attempt, ResourceTypes.Namespaces.Named(name), reason, cancellationToken);
        if (attempt.Known?.Written is not null)
        {
            await robots.RemoveAsync(attempt.Subject, cancellationToken);
        }

        await places.LeaveAsync(name, cancellationToken);
        await journal.MoveAsync(attempt, PreviewState.Removed, cause: null, reason, cancellationToken);
    }

    private async Task GoneAsync(PreviewAttempt attempt, ObjectReference reference, RemovalReason reason, CancellationToken cancellationToken)
    {
        if (await FindAsync(attempt, reference, cancellationToken) is not { } found)
        {
            return;
        }

        await BeginAsync(attempt, reason, cancellationToken);
        if (reference.Type == ResourceTypes.Applications)
        {
            // Argo CD would go on with the operation instead of the deletion (argo-cd#17894).
            await applications.EndSyncAsync(found, cancellationToken);
        }

        if (found.DeletionTimestamp() is null)
        {
            await cluster.DeleteAsync(reference, new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = found.Uid() } }, cancellationToken);
            found = await FindAsync(attempt, reference, cancellationToken);
        }

        if (found is not null)
        {
            await HoldAsync(attempt, $"{reference}: {TerminationState.Of(found)} {ApplicationReading.ErrorOf(found.Status)}".TrimEnd(), cancellationToken);
        }
    }

    private async Task BeginAsync(PreviewAttempt attempt, RemovalReason reason, CancellationToken cancellationToken)
    {
        if (attempt.Known is not { State: PreviewState.Removing })
        {
            await journal.MoveAsync(attempt, PreviewState.Removing, cause: null, reason, cancellationToken);
        }
    }

    /// <summary>Ends the attempt until it is time to look again, or the run when its time is over; the reaper takes it up then.</summary>
    private async Task HoldAsync(PreviewAttempt attempt, string cause, CancellationToken cancellationToken)
    {
        await journal.WaitAsync(attempt, PreviewState.Removing, cause, options.Limits.RemoveTimeout, cancellationToken);
        throw PreviewJournal.Failed(attempt, $"it could not be removed within {options.Limits.RemoveTimeout}. {cause}");
    }

    // Without Argo CD there is no Application, and the namespace still has to go.
    private async Task<KubernetesObject?> FindAsync(PreviewAttempt attempt, ObjectReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.FindAsync(reference, cancellationToken) is { } found && Marks.BelongsTo(found, attempt.Subject.PullRequest.Key) ? found : null;
        }
        catch (KubernetesException e) when (e.Fault is KubernetesFault.TypeNotServed)
        {
            return null;
        }
    }
}
