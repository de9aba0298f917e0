namespace Ebb.PrPreview.Telling;

/// <summary>What a pull request is told about its preview.</summary>
internal sealed record Notice
{
    /// <summary>The state in a few words: <c>ready</c>, <c>waiting for image</c>.</summary>
    public required string State { get; init; }

    /// <summary>Where it is to be seen, once it is.</summary>
    public Uri? Url { get; init; }

    /// <summary>The commit that the status is set on, and that the comment names.</summary>
    public Ebb.Contracts.PullRequests.CommitSha? Commit { get; init; }

    /// <summary>Why. May hold what others wrote.</summary>
    public string? Cause { get; init; }

    /// <summary>Keys that were left out. Others wrote them.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The commit's status; null for none.</summary>
    public Ebb.GitHosts.CommitState? Status { get; init; }

    /// <summary>Whether it is worth a comment where there is none yet.</summary>
    public bool IsNews { get; init; } = true;
}
