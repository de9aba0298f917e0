using Ebb.Contracts.Previews;
using Ebb.GitHosts;
using Ebb.Kubernetes;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Telling;
using Ebb.PrPreview.Truth;
using Ebb.Storage;
using Ebb.Worker;
using k8s.Models;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.PrPreview.Reaping;

/// <summary>
/// Finds previews that are over. It removes none itself: it asks for it by a message, and whoever carries that out looks again. Only a host's
/// own "closed" counts, and age after a warning; an error of a host means nothing. Robot accounts that expire before it looks again are
/// renewed the same way: nothing else may happen to a preview for longer than they live.
/// </summary>
internal sealed class Reaper(
    PreviewDocuments documents, PullRequestMemory memory, GitHostFinder hosts, Teller teller, KubernetesClient cluster, PreviewApplications applications, IQueueStore queues, PreviewOptions options, TimeProvider time)
{
    /// <summary>How long it is remembered that a preview was removed.</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(30);

    /// <summary>When it looks again, where no schedule says: a person runs it, or somebody else's timer does.</summary>
    private static readonly TimeSpan UnknownPace = TimeSpan.FromDays(1);

    /// <summary>How much later than planned the next look may be, and what it asks for be done.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    private readonly Age _age = new(options.Reaper);

    /// <summary>Looks at every preview.</summary>
    /// <exception cref="FunctionFailedException">Something could not be read. The others were looked at all the same; the report is the run's result.</exception>
    public async Task<ReapReport> RunAsync(TimerInfo timer, FunctionContext context)
    {
        var untilNext = (timer.ScheduleStatus?.Next ?? time.GetUtcNow() + UnknownPace) + Late;
        var tally = new ReapTally(options.Reaper);
        var silent = new HashSet<string>(StringComparer.Ordinal);
        var (previews, unreadable) = await documents.ListAsync(context.CancellationToken);
        foreach (var preview in previews.OrderBy(one => one.LastActivityAt))
        {
            context.ReportProgress($"looking at {preview.Name}");
            try
            {
                await LookAtAsync(preview, untilNext, tally, silent, context.CancellationToken);
            }
            catch (UnreadableDocumentException e)
            {
                unreadable.Add(new UnreadablePreview(preview.Name, e.Message));
            }
            catch (KubernetesException e)
            {
                tally.NoteUnknown(preview, new Verdict.Unknown(e.Message));
            }
        }

        var known = previews.Where(one => one.State is not PreviewState.Removed).Select(one => one.Name).Concat(unreadable.Select(one => one.Name)).ToHashSet(StringComparer.Ordinal);
        var marked = await cluster.ListAsync(
            ResourceTypes.Namespaces, @namespace: null, new ListOptions { LabelSelector = $"{Marks.PartOf}={Marks.Previews}" }, context.CancellationToken);
        var report = tally.Report([.. marked.Items.Select(one => one.Name()).Where(name => !known.Contains(name))], unreadable);
        return unreadable.Count == 0
            ? report
            : throw FunctionFailedException.Final(
                $"The other previews were looked at, but these cannot be: {string.Join('\n', unreadable.Select(one => one.Why))}", report, PreviewJson.Default.ReapReport);
    }

    private async Task LookAtAsync(Preview preview, DateTimeOffset untilNext, ReapTally tally, HashSet<string> silent, CancellationToken cancellationToken)
    {
        if (preview.State is PreviewState.Removed)
        {
            if (preview.Since + TombstonesKept < time.GetUtcNow() && !options.Reaper.DryRun && await documents.ForgetAsync(preview, cancellationToken))
            {
                await memory.ForgetAsync(PullRequestAddress.Of(preview).Key, preview.App, cancellationToken);
            }

            return;
        }

        var verdict = await JudgeAsync(preview, silent, cancellationToken);
        switch (verdict)
        {
            case Verdict.Over over when tally.MayRemove(preview, over):
                await AskAsync(new() { Action = PreviewAction.Remove, App = preview.App, Number = preview.Number, Reason = over.Reason }, cancellationToken);
                break;
            case Verdict.Due due when tally.MayWarn(preview, due):
                await WarnAsync(preview, due, cancellationToken);
                break;
            case Verdict.Unknown unknown:
                tally.NoteUnknown(preview, unknown);
                break;
        }

        if (verdict is Verdict.Stays or Verdict.Due && await RunsAllTheSameAsync(preview, cancellationToken) && tally.MayCorrect(preview))
        {
            await AskAsync(new() { Action = PreviewAction.Check, App = preview.App, Number = preview.Number }, cancellationToken);
        }

        if (verdict is not Verdict.Over && Expiring(preview, untilNext) is { } robot && tally.MayRenew(preview, robot))
        {
            await AskAsync(new() { Action = PreviewAction.Renew, App = preview.App, Number = preview.Number, ExpiringBefore = untilNext }, cancellationToken);
        }
    }

    // A run gives up after a while, and Argo CD does not.
    private async Task<bool> RunsAllTheSameAsync(Preview preview, CancellationToken cancellationToken) =>
        preview.State is PreviewState.Failed
        && await applications.FindAsync(preview.Name, PullRequestAddress.Of(preview).Key, preview.HeadSha, cancellationToken) is { } application
        && PreviewApplications.Judge(application).IsReady;

    private PullRobot? Expiring(Preview preview, DateTimeOffset untilNext) =>
        options.Environment.Robot is not null && preview is { State: not PreviewState.Removing, Written.Robot: { } robot } && robot.ExpiresAt < untilNext ? robot : null;

    // A host that does not answer takes minutes to say so, and one that limits the rate wants no further questions: each is asked once a run.
    private async Task<Verdict> JudgeAsync(Preview preview, HashSet<string> silent, CancellationToken cancellationToken)
    {
        if (preview.State is PreviewState.Removing)
        {
            return time.GetUtcNow() - preview.Since < options.Limits.RemoveTimeout
                ? new Verdict.Stays()
                : new Verdict.Over(preview.Removal ?? RemovalReason.Closed, "its removal did not come to an end") { HasBegun = true };
        }

        if (hosts(preview.Server, preview.Host) is not { } host)
        {
            return _age.Judge(preview, time.GetUtcNow());
        }

        if (silent.Contains(preview.Server))
        {
            return new Verdict.Unknown($"{preview.Server} gave no answer a moment ago and was not asked again in this run.");
        }

        try
        {
            var found = PullRequestTruth.Of(await host.GetPullRequestAsync(preview.Repository, preview.Number, cancellationToken));
            return found switch
            {
                { IsOpen: false } => new Verdict.Over(RemovalReason.Closed, "its pull request is closed"),
                _ when found.Labels.Contains(options.Reaper.KeepLabel) => new Verdict.Stays(),
                _ => _age.Judge(preview, time.GetUtcNow()),
            };
        }
        catch (GitHostException e)
        {
            if (e.Fault is GitHostFault.Unreachable or GitHostFault.RateLimited)
            {
                silent.Add(preview.Server);
            }

            return new Verdict.Unknown(e.Message);
        }
    }

    private async Task AskAsync(PreviewRequest request, CancellationToken cancellationToken) => await queues.EnqueueAsync(
        EnqueueRequest.For(PreviewRequest.Command, request) with
        {
            // A renewal takes the place of no removal.
            SupersedesWaiting = request.Action is PreviewAction.Remove,
            Caller = "reaper",
        },
        cancellationToken);

    private async Task WarnAsync(Preview preview, Verdict.Due due, CancellationToken cancellationToken)
    {
        var notice = new Notice { State = "about to be removed", Url = preview.State is PreviewState.Ready ? preview.Url : null, Commit = preview.HeadSha, Cause = due.Why };
        var untold = await teller.TellAsync(PullRequestAddress.Of(preview), notice, cancellationToken);
        if (untold is null || hosts(preview.Server, preview.Host) is null)
        {
            // Without credentials nobody can be warned, and then the document is the warning.
            await documents.WarnedAsync(preview, time.GetUtcNow(), cancellationToken);
        }
    }
}
