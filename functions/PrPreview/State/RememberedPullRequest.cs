using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.State;

/// <summary>What is kept of a pull request from run to run.</summary>
internal sealed record RememberedPullRequest
{
    /// <summary>The name of the preview it has, or had last.</summary>
    public string? Preview { get; init; }

    /// <summary>The newest of the hints, where the host cannot be asked.</summary>
    public PullRequestEvent? Newest { get; init; }

    /// <summary>What the comment says already: a hash of it.</summary>
    public string? Comment { get; init; }

    /// <summary>What the commit's status says already: a hash of it.</summary>
    public string? Status { get; init; }
}
