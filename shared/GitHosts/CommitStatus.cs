using Ebb.Contracts.PullRequests;

namespace Ebb.GitHosts;

/// <summary>A status to set on a commit.</summary>
public sealed record CommitStatus
{
    /// <summary>The longest description that is sent: what GitHub takes. A longer one is cut.</summary>
    public const int MaxDescriptionLength = 140;

    /// <summary>The commit; a full name.</summary>
    public required CommitSha Commit { get; init; }

    /// <summary>The state.</summary>
    public required CommitState State { get; init; }

    /// <summary>Names the status: 1 to 40 letters, digits and <c>- _ . /</c>, such as <c>ebb/preview</c>.</summary>
    public required string Context { get; init; }

    /// <summary>One line for people; cut to <see cref="MaxDescriptionLength"/>.</summary>
    public required string Description { get; init; }

    /// <summary>Where more is to be seen. Bitbucket needs one: there the pull request's own page stands in.</summary>
    public Uri? Target { get; init; }
}
