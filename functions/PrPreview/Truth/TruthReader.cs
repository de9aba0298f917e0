using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;
using Ebb.PrPreview.State;

namespace Ebb.PrPreview.Truth;

/// <summary>
/// Asks the host what holds for a pull request. A webhook is a hint: it may be late, early or a repetition. Where a host cannot be asked
/// for want of credentials, the newest of the hints counts.
/// </summary>
public sealed class TruthReader
{
    private readonly IGitHosts _hosts;
    private readonly PullRequestMemory _memory;

    /// <summary>Reads from these hosts.</summary>
    internal TruthReader(IGitHosts hosts, PullRequestMemory memory) => (_hosts, _memory) = (hosts, memory);

    /// <summary>The truth.</summary>
    /// <exception cref="GitHostException">The host gave no answer that can be relied on. It does not mean "closed".</exception>
    internal async Task<PullRequestTruth> ReadAsync(PullRequestEvent hint, CancellationToken cancellationToken)
    {
        if (_hosts.Find(hint.Server, hint.Host) is not { } host)
        {
            return await _memory.NewestAsync(hint, cancellationToken);
        }

        var found = await host.GetPullRequestAsync(hint.Repository, hint.Number, cancellationToken);
        return new PullRequestTruth
        {
            IsOpen = found.State is PullRequestState.Open,
            HeadSha = found.HeadSha,
            SourceBranch = found.SourceBranch,
            IsFork = found.IsFork,
            Labels = found.Labels,
            Repository = found.Repository,
            IsVerified = true,
        };
    }
}
