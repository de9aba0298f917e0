using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Truth;

namespace Ebb.PrPreview.Keeping;

/// <summary>Why a run looks at a pull request.</summary>
internal sealed record Occasion
{
    public required PullRequestAddress PullRequest { get; init; }

    /// <summary>What is taken to hold where neither the host nor any webhook says.</summary>
    public required PullRequestTruth Assumed { get; init; }

    /// <summary>What a webhook said; null where somebody asked.</summary>
    public PullRequestEvent? Webhook { get; init; }

    /// <summary>What somebody asked for.</summary>
    public Demand Demand { get; init; } = Demand.None;

    /// <summary>A webhook came.</summary>
    public static Occasion Of(PullRequestEvent webhook) => new()
    {
        PullRequest = new(webhook.Server, webhook.Host, webhook.Repository, webhook.Number),
        Assumed = PullRequestTruth.Of(webhook),
        Webhook = webhook,
    };

    /// <summary>Somebody asks for a preview of a pull request that the host knows.</summary>
    public static Occasion ToCreate(string server, GitHostKind host, PullRequest found) => new()
    {
        PullRequest = new(server, host, found.Repository, found.Number),
        Assumed = PullRequestTruth.Of(found),
        Demand = Demand.ToCreate,
    };

    /// <summary>The reaper asks for another look at a preview.</summary>
    public static Occasion ToCheck(Preview known) => new()
    {
        PullRequest = PullRequestAddress.Of(known),
        Assumed = PullRequestTruth.Of(known),
        Demand = Demand.ToCheck(known.App),
    };

    /// <summary>Somebody asks for the end of a preview.</summary>
    public static Occasion ToRemove(Preview known, RemovalReason reason) => new()
    {
        PullRequest = PullRequestAddress.Of(known),
        Assumed = PullRequestTruth.Of(known),
        Demand = Demand.ToRemove(known.App, reason),
    };
}
