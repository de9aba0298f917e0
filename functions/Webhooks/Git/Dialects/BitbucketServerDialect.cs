using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>Bitbucket Data Center (Atlassian, Bitbucket Data Center, Event payload). Times are ISO 8601 or milliseconds. There are no labels.</summary>
internal sealed class BitbucketServerDialect : IGitDialect
{
    private const string Target = "pullRequest.toRef.repository";

    public Topic TopicOf(Delivery delivery) => ActionOf(delivery) is null ? Topic.Nothing : Topic.PullRequest;

    /// <summary>The test of a hook: it may be unsigned and empty (Manage webhooks, "Test connection").</summary>
    public static bool IsPing(Delivery delivery) => delivery.Header("X-Event-Key") == "diagnostics:ping";

    public string? DeliveryId(Delivery delivery, Payload payload) => delivery.Header("X-Request-Id");

    public PullRequestFacts? Read(Delivery delivery, Payload payload) => ActionOf(delivery) is { } action ? Facts(payload, action) : null;

    private static PullRequestAction? ActionOf(Delivery delivery) => delivery.Header("X-Event-Key") switch
    {
        "pr:opened" => PullRequestAction.Opened,
        "pr:from_ref_updated" => PullRequestAction.Pushed,
        "pr:modified" => PullRequestAction.Edited,
        "pr:merged" => PullRequestAction.Merged,
        "pr:declined" => PullRequestAction.Closed,
        "pr:deleted" => PullRequestAction.Deleted,
        _ => null,
    };

    private static PullRequestFacts Facts(Payload payload, PullRequestAction action) => new()
    {
        Action = action,
        State = StateOf(payload, action),
        Number = payload.NeededNumber("pullRequest.id"),
        Title = payload.Text("pullRequest.title"),
        Author = payload.Text("pullRequest.author.user.name"),
        SourceBranch = payload.Branch("pullRequest.fromRef.id"),
        TargetBranch = payload.Branch("pullRequest.toRef.id"),
        HeadSha = payload.Commit("pullRequest.fromRef.latestCommit"),
        IsFork = payload.Id("pullRequest.fromRef.repository.id") is not { } source || source != payload.Id($"{Target}.id"),
        IsDraft = payload.Flag("pullRequest.draft"),
        Repository = new()
        {
            Id = payload.NeededId($"{Target}.id"),
            FullName = $"{payload.NeededText($"{Target}.project.key")}/{payload.NeededText($"{Target}.slug")}",
        },
        CloneUrl = payload.Link($"{Target}.links.clone", "http"),
        UpdatedAt = payload.Time("pullRequest.updatedDate"),
    };

    // A deleted pull request is sent in the state it was in.
    private static PullRequestState StateOf(Payload payload, PullRequestAction action)
    {
        var state = payload.State("pullRequest.state", ["OPEN"], ["DECLINED"], ["MERGED"]);
        return action == PullRequestAction.Deleted && state == PullRequestState.Open ? PullRequestState.Closed : state;
    }
}
