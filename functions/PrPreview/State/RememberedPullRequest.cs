using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.State;

/// <summary>What is kept of a pull request from run to run.</summary>
internal sealed record RememberedPullRequest
{
    /// <summary>The application that it has, or had last, a preview of: its branch may be renamed.</summary>
    public AppName? App { get; init; }

    /// <summary>The newest of the hints, where the host cannot be asked.</summary>
    public PullRequestEvent? Newest { get; init; }

    /// <summary>The run that waits for something and comes back.</summary>
    public string? WaitingRun { get; init; }

    /// <summary>When the host was asked last for the run that waits.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>For a fork: which of its commits is approved.</summary>
    public ForkApproval? Fork { get; init; }

    /// <summary>What the comment and the commit's status say already: hashes of them.</summary>
    public string? Comment { get; init; }

    /// <inheritdoc cref="Comment"/>
    public string? Status { get; init; }
}
