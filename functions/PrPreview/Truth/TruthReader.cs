using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;
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
    public async Task<PullRequestTruth> ReadAsync(PullRequestEvent hint, CancellationToken cancellationToken)
    {
        if (hosts(hint.Server, hint.Host) is not { } host)
        {
            return PullRequestTruth.Of(await memory.NewestAsync(hint, cancellationToken));
        }

        try
        {
            return PullRequestTruth.Of(await host.GetPullRequestAsync(hint.Repository, hint.Number, cancellationToken));
        }
        catch (GitHostException e) when (e.Fault is GitHostFault.NotFound && hint.Action is PullRequestAction.Deleted)
        {
            // A signed webhook says that it was deleted, and the host knows it no longer: both together are a word.
            return PullRequestTruth.Of(hint);
        }
    }
}
