using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.State;

/// <summary>
/// Which commit of a fork a maintainer approved by the label. Hosts say that a pull request has a label and not since which commit, so it counts
/// for a commit where it was seen without the label before, or where an event says that it set the label on it. Pure.
/// </summary>
internal sealed record ForkApproval
{
    /// <summary>The approved commit.</summary>
    public CommitSha? Approved { get; init; }

    /// <summary>The commit that was seen last, where it was seen without the label.</summary>
    public CommitSha? Unlabelled { get; init; }

    /// <summary>What holds after a look.</summary>
    /// <param name="head">The newest commit.</param>
    /// <param name="hasLabel">Whether the pull request has the label.</param>
    /// <param name="wasSet">Whether the event that led to the look set it, on this commit.</param>
    public ForkApproval After(CommitSha head, bool hasLabel, bool wasSet) => (hasLabel, wasSet || Unlabelled == head) switch
    {
        (false, _) => new ForkApproval { Unlabelled = head },
        (true, true) => new ForkApproval { Approved = head },
        // Set on some commit between the one that was seen without it and this one: nobody can tell which.
        (true, false) => new ForkApproval { Approved = Approved },
    };
}
