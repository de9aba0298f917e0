using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Truth;

namespace Ebb.PrPreview.Keeping;

/// <summary>Remembers which commit of a fork was approved.</summary>
internal sealed class ForkApprovals(PullRequestMemory memory, PreviewOptions options)
{
    /// <summary>The commit that is approved after this look; null for none, and for pull requests that need no approval.</summary>
    public async Task<CommitSha?> LookAsync(Occasion occasion, PullRequestTruth truth, CancellationToken cancellationToken)
    {
        if (!options.Forks.Allowed || truth is not { IsOpen: true, IsFork: true, HeadSha: { IsFull: true } head })
        {
            return null;
        }

        var hasLabel = truth.Labels.Contains(options.Forks.Label);
        var wasSet = occasion.Webhook is { } said && said.HeadSha == head && said.LabelsAdded?.Contains(options.Forks.Label) is true;
        var kept = await memory.ChangeAsync(
            occasion.PullRequest.Key, one => one with { Fork = (one.Fork ?? new()).After(head, hasLabel, wasSet) }, cancellationToken);
        return kept.Fork!.Approved;
    }
}
