using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>Follows Argo CD until the commit runs, and says meanwhile what keeps it from that.</summary>
internal sealed class ApplicationFollower(
    PreviewApplications applications, CauseFinder causes, PreviewOptions options, PreviewJournal journal, TimeProvider time)
{
    /// <summary>How long nothing is looked for: pods that start are not yet a cause of anything.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the commit runs.</summary>
    /// <exception cref="PreviewException">It will not: the cause cannot mend itself, or the time is over.</exception>
    public async Task FollowAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (await FindAsync(plan, cancellationToken) is not { } application)
        {
            await StartAgainAsync(attempt, cancellationToken);
            return;
        }

        var verdict = await JudgeAsync(attempt, plan, application, cancellationToken);
        if (verdict.IsReady)
        {
            await journal.MoveAsync(attempt, PreviewState.Ready, cause: null, removal: null, cancellationToken);
            return;
        }

        if (verdict.WaitsForOlderSync)
        {
            await applications.EndSyncAsync(application, cancellationToken);
        }

        if (!verdict.IsFinal)
        {
            await journal.WaitAsync(attempt, PreviewState.Starting, verdict.Cause, options.Limits.StartTimeout, cancellationToken);
        }

        throw new PreviewException(
            verdict.Cause ?? $"Argo CD did not bring it up within {options.Limits.StartTimeout}, and says no cause. Look at the Application {plan.Name}.");
    }

    /// <summary>Whether there is something to do, or to say that was not said when it was last looked at.</summary>
    public async Task<bool> HasNewsAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (await FindAsync(plan, cancellationToken) is not { } application)
        {
            return true;
        }

        var verdict = await JudgeAsync(attempt, plan, application, cancellationToken);
        return verdict.IsReady || verdict.IsFinal || verdict.WaitsForOlderSync || verdict.Cause != attempt.Known!.Cause;
    }

    private Task<KubernetesObject?> FindAsync(PreviewPlan plan, CancellationToken cancellationToken) =>
        applications.FindAsync(plan.Name.Value, plan.PullRequest, plan.Sha, cancellationToken);

    private async Task<ApplicationVerdict> JudgeAsync(PreviewAttempt attempt, PreviewPlan plan, KubernetesObject application, CancellationToken cancellationToken)
    {
        var verdict = PreviewApplications.Judge(application);
        var starting = attempt.Known is { State: PreviewState.Starting } known && known.HeadSha == plan.Sha ? known : null;
        return verdict switch
        {
            { IsReady: true } or { Cause: not null } => verdict,
            { IsTriedAgain: true } => verdict with { Cause = starting?.Cause },
            _ when starting is null || time.GetUtcNow() - starting.Since < Settling => verdict,
            _ => verdict with { Cause = await causes.FindAsync(plan.Name.Value, cancellationToken) ?? ApplicationReading.UnhealthyOf(application.Status) },
        };
    }

    // Somebody took it away or changed it: everything is applied anew at the next look.
    private async Task StartAgainAsync(PreviewAttempt attempt, CancellationToken cancellationToken)
    {
        attempt.Known = await attempt.Documents.WriteAsync(attempt.Known, attempt.Known! with { State = PreviewState.Preparing, Since = time.GetUtcNow() }, cancellationToken);
        throw new FunctionPostponedException(TimeSpan.FromSeconds(1), $"{attempt.Subject.Name}: its Application is not as it was applied; it is applied again.");
    }
}
