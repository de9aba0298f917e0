using Ebb.Contracts.Previews;
using Ebb.Kubernetes.Workloads;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Truth;

namespace Ebb.PrPreview.Keeping;

/// <summary>Brings a preview up, in an order in which no pod ever runs unprotected. Every step may be repeated; each wait ends the attempt.</summary>
internal sealed class PreviewStarter(
    PreviewOptions options, PlaceBook places, ImageCheck images, PreviewRenderer renderer, BranchValues branch, GitHostFinder hosts,
    TruthReader truths, Environments environments, ApplicationFollower follower, PreviewJournal journal, TimeProvider time)
{
    /// <summary>Works until the newest commit runs.</summary>
    public async Task<PreviewReport> StartAsync(PreviewAttempt attempt, CancellationToken cancellationToken)
    {
        var plan = PlanOf(attempt);
        await PlaceAsync(attempt, cancellationToken);
        await ImageAsync(attempt, plan, cancellationToken);
        if (!IsAt(attempt, plan, PreviewState.Starting))
        {
            await ApplyAsync(attempt, plan, cancellationToken);
        }

        await follower.FollowAsync(attempt, plan, cancellationToken);
        return attempt.Report(PreviewOutcome.Ready);
    }

    /// <summary>Whether what the run waited for has not come about yet, told without asking the Git host: most looks end here.</summary>
    public async Task<bool> IsStillWaitingAsync(PreviewAttempt attempt, CancellationToken cancellationToken) => attempt.Known?.State switch
    {
        { } state when time.GetUtcNow() - attempt.Known.Since >= LimitOf(state) => false,
        PreviewState.WaitingForPlace => !await places.TakeAsync(attempt.Subject.Name.Value, attempt.Subject.PullRequest.RepositoryKey, cancellationToken),
        PreviewState.WaitingForImage => !await images.IsThereAsync(PlanOf(attempt).Image, cancellationToken),
        PreviewState.Starting => !await follower.HasNewsAsync(attempt, PlanOf(attempt), cancellationToken),
        _ => false,
    };

    private TimeSpan LimitOf(PreviewState state) => state switch
    {
        PreviewState.WaitingForPlace => options.Limits.PlaceTimeout,
        PreviewState.WaitingForImage => options.Limits.ImageTimeout,
        _ => options.Limits.StartTimeout,
    };

    private PreviewPlan PlanOf(PreviewAttempt attempt) => renderer.TryPlan(attempt.Subject, attempt.HeadSha!.Value, [], out var plan, out var problem)
        ? plan
        : throw new PreviewException($"The image can have no name: {problem}");

    private async Task PlaceAsync(PreviewAttempt attempt, CancellationToken cancellationToken)
    {
        if (await places.TakeAsync(attempt.Subject.Name.Value, attempt.Subject.PullRequest.RepositoryKey, cancellationToken))
        {
            return;
        }

        var limits = options.Limits;
        await journal.WaitAsync(
            attempt, PreviewState.WaitingForPlace, $"there are {limits.MaxTotal} previews at once, of one repository {limits.MaxPerRepository}; close one that is no longer needed",
            limits.PlaceTimeout, cancellationToken);
        await places.LeaveAsync(attempt.Subject.Name.Value, cancellationToken);
        throw new PreviewException($"There was no place for it within {limits.PlaceTimeout}. Close a pull request that has a preview, then push again.");
    }

    private static bool IsAt(PreviewAttempt attempt, PreviewPlan plan, params ReadOnlySpan<PreviewState> states) =>
        attempt.Known is { } known && known.HeadSha == plan.Sha && states.Contains(known.State);

    private async Task ImageAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (IsAt(attempt, plan, PreviewState.Preparing, PreviewState.Starting, PreviewState.Ready) || await images.IsThereAsync(plan.Image, cancellationToken))
        {
            return;
        }

        await journal.WaitAsync(attempt, PreviewState.WaitingForImage, $"{plan.Image} is not in the registry yet", options.Limits.ImageTimeout, cancellationToken);
        if (attempt.Known?.Written is null)
        {
            await places.LeaveAsync(attempt.Subject.Name.Value, cancellationToken);
        }

        throw new PreviewException($"{plan.Image} was not pushed within {options.Limits.ImageTimeout}. Look at the pipeline that builds it, then push again.");
    }

    private async Task ApplyAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        var host = hosts(attempt.Subject.PullRequest.Server, attempt.Subject.PullRequest.Host);
        (var values, attempt.LeftOut) = await branch.ReadAsync(host, attempt.Subject.PullRequest.Repository, plan.Sha, cancellationToken);
        plan = plan with { Values = values };
        await EnsureStillAsync(attempt, cancellationToken);
        try
        {
            await environments.PrepareAsync(attempt, plan, cancellationToken);
            // A close may have come in while that was written: nothing runs yet, and nothing shall.
            await EnsureStillAsync(attempt, cancellationToken);
            await environments.RunAsync(plan, cancellationToken);
        }
        catch (StillGoingException e)
        {
            var going = $"the one before it is still being removed: {TerminationState.Of(e.Found)}";
            await journal.WaitAsync(attempt, PreviewState.Preparing, going, options.Limits.RemoveTimeout, cancellationToken);
            throw new PreviewException($"{e.Found} is being deleted and does not go. {TerminationState.Of(e.Found)}", e);
        }

        // One that failed may run meanwhile: then it is told so at once, and otherwise it is not said to start for a moment.
        if (!IsAt(attempt, plan, PreviewState.Ready, PreviewState.Failed))
        {
            await journal.MoveAsync(attempt, PreviewState.Starting, cause: null, removal: null, cancellationToken);
        }
    }

    private async Task EnsureStillAsync(PreviewAttempt attempt, CancellationToken cancellationToken)
    {
        if (!attempt.Truth.IsSameAs(await truths.ReadAsync(attempt.Occasion, cancellationToken)))
        {
            throw new TruthChangedException();
        }
    }
}
