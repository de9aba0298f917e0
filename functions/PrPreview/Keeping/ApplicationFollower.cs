using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>Follows Argo CD until the commit runs, and says meanwhile what keeps it from that.</summary>
internal sealed class ApplicationFollower(
    KubernetesClient cluster, CauseFinder causes, PreviewOptions options, PreviewJournal journal, PreviewDocuments documents, TimeProvider time)
{
    /// <summary>How long nothing is looked for: pods that start are not yet a cause of anything.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the commit runs.</summary>
    public async Task FollowAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (await FindAsync(plan, cancellationToken) is not { } application)
        {
            await StartAgainAsync(attempt, cancellationToken);
            return;
        }

        var (ready, cause) = await JudgeAsync(attempt, plan, application, cancellationToken);
        if (ready)
        {
            await journal.MoveAsync(attempt, PreviewState.Ready, cause: null, removal: null, cancellationToken);
            return;
        }

        await journal.WaitAsync(attempt, PreviewState.Starting, cause, options.Limits.StartTimeout, cancellationToken);
        throw new PreviewException(cause ?? $"Argo CD did not bring it up within {options.Limits.StartTimeout}, and says no cause. Look at the Application {plan.Name}.");
    }

    /// <summary>Whether it says something else than when it was last looked at.</summary>
    public async Task<bool> HasNewsAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (await FindAsync(plan, cancellationToken) is not { } application)
        {
            return true;
        }

        var (ready, cause) = await JudgeAsync(attempt, plan, application, cancellationToken);
        return ready || cause != attempt.Known!.Cause;
    }

    private async Task<KubernetesObject?> FindAsync(PreviewPlan plan, CancellationToken cancellationToken) =>
        await cluster.FindAsync(ResourceTypes.Applications.Named(options.Argo.Namespace, plan.Name.Value), cancellationToken) is { Metadata.Deleted: null } found
        && Marks.BelongsTo(found, plan.PullRequest) && Shows(found, plan)
            ? found
            : null;

    private async Task<ApplicationVerdict> JudgeAsync(PreviewAttempt attempt, PreviewPlan plan, KubernetesObject application, CancellationToken cancellationToken)
    {
        var verdict = ApplicationReading.Judge(application, application.Spec.Child("source") ?? []);
        var settles = attempt.Known is not { State: PreviewState.Starting } starting || time.GetUtcNow() - starting.Since < Settling;
        return verdict is { IsReady: false, Cause: null } && !settles
            ? verdict with { Cause = await causes.FindAsync(plan.Name.Value, cancellationToken) }
            : verdict;
    }

    // Somebody took it away or changed it: everything is applied anew at the next look.
    private async Task StartAgainAsync(PreviewAttempt attempt, CancellationToken cancellationToken)
    {
        attempt.Known = await documents.WriteAsync(attempt.Known, attempt.Known! with { State = PreviewState.Preparing, Since = time.GetUtcNow() }, cancellationToken);
        throw new FunctionPostponedException(TimeSpan.FromSeconds(1), $"{attempt.Subject.Name}: its Application is not as it was applied; it is applied again.");
    }

    /// <summary>Whether the Application asks for the plan's commit: its values are what was merged here, as JSON.</summary>
    private static bool Shows(KubernetesObject application, PreviewPlan plan)
    {
        try
        {
            var values = JsonNode.Parse(application.Spec.Child("source").Child("helm").Text("values") ?? "null");
            return values?["image"]?["tag"].Text() == plan.Sha.Value;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
