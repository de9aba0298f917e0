using Ebb.GitHosts;
using Ebb.PrPreview.Keeping;
using Ebb.PrPreview.State;
using Microsoft.Extensions.Logging;

namespace Ebb.PrPreview.Truth;

/// <summary>
/// Reads the pull request of a run that waits, now and then: the webhook that closed it may have been lost. A host that does not say ends no
/// wait; whoever acts reads it again.
/// </summary>
internal sealed partial class WaitingTruth(TruthReader truths, PullRequestMemory memory, Pace pace, TimeProvider time, ILogger<WaitingTruth> logger)
{
    /// <summary>The truth; null where it is not time yet, or the host does not say.</summary>
    public async Task<PullRequestTruth?> ReadWhenDueAsync(Occasion occasion, RememberedPullRequest kept, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (kept.AskedAt + pace.Unasked > now)
        {
            return null;
        }

        await memory.ChangeAsync(occasion.PullRequest.Key, one => one with { AskedAt = now }, cancellationToken);
        try
        {
            return await truths.ReadAsync(occasion, cancellationToken);
        }
        catch (GitHostException e)
        {
            LogUnread(occasion.PullRequest.Key, e.Message);
            return null;
        }
    }

    [LoggerMessage(6002, LogLevel.Warning, "The pull request {PullRequest} could not be read while its preview waits, which goes on: {Reason}")]
    private partial void LogUnread(string pullRequest, string reason);
}
