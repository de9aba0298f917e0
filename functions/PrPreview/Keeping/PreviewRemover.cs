using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.Kubernetes.Workloads;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;

namespace Ebb.PrPreview.Keeping;

/// <summary>
/// Removes every trace of a preview: ends a sync that runs, deletes the Application and waits for it, deletes the namespace and waits for
/// it, deletes the robot account. Touches only what carries the pull request's mark. Says which finalizer holds it up, if one does.
/// </summary>
internal sealed class PreviewRemover(KubernetesClient cluster, PullRobots robots, PreviewOptions options, PlaceBook places, PreviewJournal journal)
{
    /// <summary>Works until nothing is left.</summary>
    public async Task RemoveAsync(PreviewAttempt attempt, RemovalReason reason, CancellationToken cancellationToken)
    {
        var name = attempt.Subject.Name.Value;
        await GoneAsync(attempt, ResourceTypes.Applications.Named(options.Argo.Namespace, name), reason, cancellationToken);
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

        if (attempt.Known is not { State: PreviewState.Removing })
        {
            await journal.MoveAsync(attempt, PreviewState.Removing, cause: null, reason, cancellationToken);
        }

        await EndOperationAsync(found, reference, cancellationToken);
        if (found.Metadata.Deleted is null)
        {
            await cluster.DeleteAsync(reference, new DeleteOptions { Uid = found.Metadata.Uid }, cancellationToken);
            found = await FindAsync(attempt, reference, cancellationToken);
        }

        if (found is not null)
        {
            var cause = $"{reference}: {TerminationState.Of(found)} {ApplicationReading.ErrorOf(found.Status)}".TrimEnd();
            await journal.WaitAsync(attempt, PreviewState.Removing, cause, options.Limits.RemoveTimeout, cancellationToken);
            throw PreviewJournal.Failed(attempt, $"it could not be removed within {options.Limits.RemoveTimeout}. {cause}");
        }
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

    // Argo CD would go on with the operation instead of the deletion (argo-cd#17894).
    private async Task EndOperationAsync(KubernetesObject found, ObjectReference reference, CancellationToken cancellationToken)
    {
        if (reference.Type == ResourceTypes.Applications && ApplicationReading.EndOfOperation(found) is { } patch)
        {
            await cluster.MergePatchAsync(reference, patch, new PatchOptions { ResourceVersion = found.Metadata.ResourceVersion }, cancellationToken);
        }
    }
}
