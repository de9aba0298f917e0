namespace Ebb.TestServers.Git;

/// <summary>A pull request of a stand-in.</summary>
public sealed class GitPull
{
    public required int Number { get; init; }

    public string Title { get; set; } = "A change";

    public string Author { get; set; } = "ada";

    /// <summary><c>open</c>, <c>closed</c> or <c>merged</c>; each host says it in its own words.</summary>
    public string State { get; set; } = "open";

    public required string SourceBranch { get; set; }

    public string TargetBranch { get; set; } = "main";

    public required string Head { get; set; }

    /// <summary>Another one for a fork, null for a fork that is gone.</summary>
    public GitRepositoryState? SourceRepository { get; set; }

    public bool Draft { get; set; }

    public List<string> Labels { get; } = [];

    public DateTimeOffset UpdatedAt { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
}

/// <summary>A comment of a stand-in.</summary>
public sealed class GitComment
{
    public required int Id { get; init; }

    public required int Pull { get; init; }

    public required string Author { get; init; }

    public required string Body { get; set; }

    /// <summary>Bitbucket Data Center's.</summary>
    public int Version { get; set; }

    /// <summary>Azure DevOps' thread status.</summary>
    public string? ThreadStatus { get; init; }
}
