using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.Kubernetes;
using Ebb.PrPreview.Names;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Telling;
using Ebb.PrPreview.Truth;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>
/// Makes a preview what its pull request says it shall be. Whatever started the run, the pull request is read before anything is done and
/// again when it is done; what changed in between is done too.
/// </summary>
internal sealed class PreviewKeeper(
    TruthReader truths, WaitingTruth waiting, PullRequestMemory memory, PreviewKeys keys, ForkApprovals forks, Decision decision, PreviewStarter starter,
    PreviewRemover remover, PreviewRenderer renderer, PreviewJournal journal, Teller teller, PreviewOptions options, TimeProvider time)
{
    private const int MaxRounds = 5;

    /// <summary>Works until the preview is as it shall be.</summary>
    public async Task<PreviewReport> KeepAsync(Occasion occasion, FunctionContext context)
    {
        // Most pull requests have no preview: nobody is asked about them.
        var kept = await memory.GetAsync(occasion.PullRequest.Key, context.CancellationToken);
        if (kept.App is null && occasion.Webhook is { } said && !PreviewBranch.IsMeant(said.SourceBranch))
        {
            return new PreviewReport { Outcome = PreviewOutcome.Ignored };
        }

        var fresh = await GoOnWaitingAsync(occasion, kept, context);
        for (var round = 0; round < MaxRounds; round++)
        {
            var truth = fresh ?? await truths.ReadAsync(occasion, context.CancellationToken);
            fresh = null;
            try
            {
                var report = await ActAsync(occasion, truth, context);
                if (truth.IsSameAs(await truths.ReadAsync(occasion, context.CancellationToken)))
                {
                    return report;
                }
            }
            catch (KubernetesException e) when (e.Fault is KubernetesFault.Conflict && round < MaxRounds - 1)
            {
                context.ReportProgress("Somebody changed an object at the same moment; it is read again.");
            }
            catch (TruthChangedException)
            {
                context.ReportProgress("The pull request changed meanwhile; its newest state counts.");
            }
        }

        throw new FunctionPostponedException(TimeSpan.FromSeconds(2), "The pull request changes faster than its preview can; it goes on.");
    }

    /// <summary>Ends the attempt of a run that comes back to look, where nothing has changed of what it waits for.</summary>
    /// <returns>What the host says where it was asked again; null otherwise.</returns>
    private async Task<PullRequestTruth?> GoOnWaitingAsync(Occasion occasion, RememberedPullRequest kept, FunctionContext context)
    {
        if (kept is not { App: { } app } || kept.WaitingRun != context.RunId.ToString())
        {
            return null;
        }

        if (await waiting.ReadWhenDueAsync(occasion, kept, context.CancellationToken) is { } fresh)
        {
            return fresh;
        }

        var subject = SubjectOf(occasion, occasion.Assumed, app);
        await keys.DoAsync(subject.Name, context.RunId, async (documents, token) =>
        {
            // The commit that is waited for is the one in the document; the webhook may have named a short or an older one.
            if (await documents.FindAsync(subject.Name, token) is { } known && Owns(known, subject))
            {
                var attempt = AttemptOf(occasion with { Demand = Demand.None }, occasion.Assumed with { HeadSha = known.HeadSha }, context, subject, documents);
                attempt.Known = known;
                if (await starter.IsStillWaitingAsync(attempt, token))
                {
                    throw journal.Postponed(attempt, known.State, known.Cause, time.GetUtcNow() - known.Since);
                }
            }

            return true;
        }, context.CancellationToken);
        return null;
    }

    private async Task<PreviewReport> ActAsync(Occasion occasion, PullRequestTruth truth, FunctionContext context)
    {
        var problem = "";
        AppName? app = truth.SourceBranch is not { } branch ? occasion.Demand.App : PreviewBranch.TryRead(branch, out var read, out problem) ? read : null;
        var kept = await memory.GetAsync(occasion.PullRequest.Key, context.CancellationToken);
        if (kept.App is null && truth.IsOpen && !options.Admits(truth.Repository))
        {
            // Nor are others' pull requests written to.
            return new PreviewReport { Outcome = PreviewOutcome.Ignored, Cause = Decision.NotAdmitted, Verified = truth.IsVerified };
        }

        AppName?[] named = truth.SourceBranch is null ? [] : [kept.App, occasion.Demand.App];
        foreach (var before in named.OfType<AppName>().Distinct().Where(one => one != app))
        {
            // The branch has another name than when the preview was made: that one goes first.
            await UnderKeyAsync(occasion with { Demand = Demand.None }, truth with { IsOpen = false }, context, before);
        }

        if (kept.App != app)
        {
            await memory.ChangeAsync(occasion.PullRequest.Key, one => one with { App = app }, context.CancellationToken);
        }

        if (app is { } wanted)
        {
            var approved = await forks.LookAsync(occasion, truth, context.CancellationToken);
            return await UnderKeyAsync(occasion with { Demand = occasion.Demand.For(wanted) }, truth, context, wanted, approved);
        }

        var report = new PreviewReport { Outcome = PreviewOutcome.Ignored, Verified = truth.IsVerified };
        return truth is { IsOpen: true, SourceBranch: { } meant } && PreviewBranch.IsMeant(meant)
            ? report with
            {
                Outcome = PreviewOutcome.Refused,
                Cause = problem,
                Untold = await teller.TellAsync(AddressOf(occasion, truth), NoneBecause(problem), context.CancellationToken),
            }
            : report;
    }

    private Task<PreviewReport> UnderKeyAsync(Occasion occasion, PullRequestTruth truth, FunctionContext context, AppName app, CommitSha? approved = null)
    {
        var subject = SubjectOf(occasion, truth, app);
        return keys.DoAsync(subject.Name, context.RunId, async (documents, token) =>
        {
            var attempt = AttemptOf(occasion, truth, context, subject, documents, approved);
            attempt.Known = await documents.FindAsync(attempt.Subject.Name, token);
            try
            {
                return await ActAsync(attempt, token);
            }
            catch (Exception e) when (Refusal.IsForGood(e))
            {
                await journal.MoveAsync(attempt, PreviewState.Failed, e.Message, removal: null, token);
                throw PreviewJournal.Failed(attempt, e.Message);
            }
        }, context.CancellationToken);
    }

    private async Task<PreviewReport> ActAsync(PreviewAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Known is { } known && !Owns(known, attempt.Subject))
        {
            if (!attempt.Truth.IsOpen)
            {
                return attempt.Report(PreviewOutcome.Unchanged);
            }

            if (known.State is not PreviewState.Removed)
            {
                return await RefuseAsync(
                    attempt, $"another repository has the preview {known.Name} already; give the application in the branch's name another one", cancellationToken);
            }

            attempt.Known = null;
        }

        switch (decision.Of(attempt.Truth, attempt.Known, attempt.Occasion, attempt.Approved))
        {
            case Wanted.Gone gone:
                await remover.RemoveAsync(attempt, gone.Reason, cancellationToken);
                return attempt.Report(PreviewOutcome.Removed);
            case Wanted.Refused { Keeps: true } refused when attempt.Known is { State: not (PreviewState.Removing or PreviewState.Removed) }:
                return attempt.Report(PreviewOutcome.Unchanged, refused.Why);
            case Wanted.Refused refused:
                if (attempt.Known is { State: not PreviewState.Removed })
                {
                    await remover.RemoveAsync(attempt, RemovalReason.Closed, cancellationToken);
                }

                return await RefuseAsync(attempt, refused.Why, cancellationToken);
            case Wanted.Running:
                return await starter.StartAsync(attempt, cancellationToken);
            default:
                return attempt.Report(attempt.Known is { State: PreviewState.Removed } ? PreviewOutcome.Asleep : PreviewOutcome.Unchanged);
        }
    }

    private async Task<PreviewReport> RefuseAsync(PreviewAttempt attempt, string why, CancellationToken cancellationToken)
    {
        attempt.Untold = await teller.TellAsync(attempt.Subject.PullRequest, NoneBecause(why), cancellationToken);
        return attempt.Report(PreviewOutcome.Refused, why);
    }

    private static Notice NoneBecause(string why) => new() { State = "none", Cause = why };

    private PreviewAttempt AttemptOf(Occasion occasion, PullRequestTruth truth, FunctionContext context, PreviewSubject subject, PreviewDocuments documents, CommitSha? approved = null) => new()
    {
        Subject = subject,
        Truth = truth,
        Occasion = occasion,
        Context = context,
        Documents = documents,
        Approved = approved,
        Url = renderer.UrlOf(subject.Name),
    };

    private static PreviewSubject SubjectOf(Occasion occasion, PullRequestTruth truth, AppName app) =>
        new() { App = app, PullRequest = AddressOf(occasion, truth), IsFork = truth.IsFork };

    private static PullRequestAddress AddressOf(Occasion occasion, PullRequestTruth truth) => occasion.PullRequest with { Repository = truth.Repository };

    private static bool Owns(Preview known, PreviewSubject subject) => known.Server == subject.PullRequest.Server && known.Repository.Id == subject.PullRequest.Repository.Id;
}
