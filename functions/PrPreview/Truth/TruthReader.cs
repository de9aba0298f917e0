using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;
using Ebb.PrPreview.Keeping;
using Ebb.PrPreview.State;

namespace Ebb.PrPreview.Truth;

/// <summary>
/// Asks the host what holds for a pull request. A webhook is a hint: it may be late, early or a repetition. Where a host cannot be asked
/// for want of credentials, the newest of the hints counts.
/// </summary>
internal sealed class TruthReader(GitHostFinder hosts, PullRequestMemory memory)
{
    /// <summary>The truth.</summary>
    /// <exception cref="GitHostException">The host gave no answer that can be relied on. It does not mean "closed".</exception>
    public async Task<PullRequestTruth> ReadAsync(Occasion occasion, CancellationToken cancellationToken)
    {
        var (server, kind, repository, number) = occasion.PullRequest;
        if (hosts(server, kind) is not { } host)
        {
            return await NewestAsync(occasion, cancellationToken) is { } newest ? PullRequestTruth.Of(newest) : occasion.Assumed;
        }

        try
        {
            return PullRequestTruth.Of(await host.GetPullRequestAsync(repository, number, cancellationToken));
        }
        catch (GitHostException e) when (e.Fault is GitHostFault.NotFound && occasion.Webhook is { Action: PullRequestAction.Deleted })
        {
            // A signed webhook says that it was deleted, and the host knows it no longer: both together are a word.
            return occasion.Assumed;
        }
        catch (GitHostException) when (occasion.Demand.Removal is RemovalReason.ByHand)
        {
            // A person's word needs no host's: where it no longer knows the repository, nothing else would ever remove the preview.
            return occasion.Assumed;
        }
    }

    private async Task<PullRequestEvent?> NewestAsync(Occasion occasion, CancellationToken cancellationToken) => occasion.Webhook is { } said
        ? await memory.NewestAsync(said, cancellationToken)
        : (await memory.GetAsync(occasion.PullRequest.Key, cancellationToken)).Newest;
}
