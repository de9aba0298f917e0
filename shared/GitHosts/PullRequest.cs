using Ebb.Contracts.PullRequests;

namespace Ebb.GitHosts;

/// <summary>A pull request as its host describes it now.</summary>
public sealed record PullRequest
{
    /// <summary>The number people know.</summary>
    public required int Number { get; init; }

    /// <summary>Its state, in the host's own word.</summary>
    public required PullRequestState State { get; init; }

    /// <summary>The source branch, without <c>refs/heads/</c>.</summary>
    public required string SourceBranch { get; init; }

    /// <summary>The source branch's newest commit; always full. Null when there is none: no commits yet, or a closed one whose fork is gone.</summary>
    public required CommitSha? HeadSha { get; init; }

    /// <summary>True when the source is another repository, or one that is gone.</summary>
    public required bool IsFork { get; init; }

    /// <summary>The repository it is to be merged into, as it is called now.</summary>
    public required GitRepository Repository { get; init; }

    /// <summary>
    /// The names of its labels. Azure DevOps tells them of a single pull request only, not in a list. At hosts with labels only members of the repository's team set them; both Bitbuckets have none, and on
    /// Azure DevOps whoever may contribute to the pull request can.
    /// </summary>
    public required IReadOnlyList<string> Labels { get; init; }
}
