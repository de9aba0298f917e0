using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.Worker;
using k8s.Models;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>Puts a new robot account in the place of one that expires soon, and changes nothing else of the preview.</summary>
internal sealed class RobotRenewal(
    PreviewKeys keys, PullSecrets secrets, KubernetesClient cluster, PreviewRenderer renderer, PreviewOptions options)
{
    /// <summary>Renews it, unless it lives longer or is none of a preview's any more.</summary>
    public Task<PreviewReport> RenewAsync(PreviewName name, DateTimeOffset expiringBefore, FunctionContext context) =>
        keys.DoAsync(name, context.RunId, async (documents, token) =>
        {
            var known = await documents.FindAsync(name, token);
            var report = new PreviewReport { Outcome = PreviewOutcome.Unchanged, Name = name.Value, HeadSha = known?.HeadSha };
            if (options.Environment.Robot is not { } robot || known is not { State: not (PreviewState.Removing or PreviewState.Removed), Written.Robot: { } there }
                || there.ExpiresAt >= expiringBefore)
            {
                return report;
            }

            try
            {
                var (plan, problem) = PlanOf(known);
                if (plan is null || await FindAsync(plan, there, token) is not { } ns)
                {
                    return report with { Cause = problem ?? "The namespace that its secret is in is no longer there." };
                }

                await secrets.RenewAsync(documents, known, plan, ns, robot, token);
                return report with { Outcome = PreviewOutcome.Renewed };
            }
            catch (Exception e) when (Refusal.IsForGood(e))
            {
                throw FunctionFailedException.Final(
                    $"The robot account of the preview {name} could not be renewed: {e.Message}", report with { Outcome = PreviewOutcome.Failed, Cause = e.Message },
                    PreviewJson.Default.PreviewReport);
            }
        }, context.CancellationToken);

    private (PreviewPlan? Plan, string? Problem) PlanOf(Preview known)
    {
        var subject = new PreviewSubject { App = known.App, PullRequest = PullRequestAddress.Of(known), IsFork = false };
        return renderer.TryPlan(subject, known.HeadSha, [], out var plan, out var problem) ? (plan, null) : (null, problem);
    }

    private async Task<KubernetesObject?> FindAsync(PreviewPlan plan, PullRobot robot, CancellationToken cancellationToken) =>
        await cluster.FindAsync(ResourceTypes.Namespaces.Named(plan.Name.Value), cancellationToken) is { Metadata.DeletionTimestamp: null } found
        && found.Uid() == robot.NamespaceUid && Marks.BelongsTo(found, plan.PullRequest)
            ? found
            : null;
}
