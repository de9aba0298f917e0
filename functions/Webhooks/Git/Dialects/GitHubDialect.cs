using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>GitHub (GitHub Docs, Webhook events and payloads: <c>ping</c> and <c>pull_request</c>).</summary>
internal sealed class GitHubDialect : IGitDialect
{
    public Topic TopicOf(Delivery delivery) => delivery.Header("X-GitHub-Event") switch
    {
        "ping" => Topic.Ping,
        "pull_request" => Topic.PullRequest,
        _ => Topic.Nothing,
    };

    public string? DeliveryId(Delivery delivery, Payload payload) => delivery.Header("X-GitHub-Delivery");

    public PullRequestFacts? Read(Delivery delivery, Payload payload)
    {
        var merged = payload.Flag("pull_request.merged");
        return ActionOf(payload.NeededText("action"), merged) is { } action ? Facts(payload, action, merged) : null;
    }

    private static PullRequestAction? ActionOf(string action, bool merged) => action switch
    {
        "opened" => PullRequestAction.Opened,
        "synchronize" => PullRequestAction.Pushed,
        "reopened" => PullRequestAction.Reopened,
        "closed" => merged ? PullRequestAction.Merged : PullRequestAction.Closed,
        "edited" or "labeled" or "unlabeled" or "converted_to_draft" or "ready_for_review" => PullRequestAction.Edited,
        _ => null,
    };

    // "labeled" names the one label that was set; a pull request may be opened with some.
    private static IReadOnlyList<string> LabelsAdded(Payload payload) => payload.Text("action") switch
    {
        "labeled" when payload.Text("label.name") is { } label => [label],
        "opened" => payload.Texts("pull_request.labels", "name"),
        _ => [],
    };

    private static PullRequestFacts Facts(Payload payload, PullRequestAction action, bool merged) => new()
    {
        Action = action,
        State = merged ? PullRequestState.Merged : payload.State("pull_request.state", ["open"], ["closed"], []),
        Number = payload.NeededNumber("number"),
        Title = payload.Text("pull_request.title"),
        Author = payload.Text("pull_request.user.login"),
        SourceBranch = payload.Branch("pull_request.head.ref"),
        TargetBranch = payload.Branch("pull_request.base.ref"),
        HeadSha = payload.Commit("pull_request.head.sha"),
        // A fork that was deleted leaves null.
        IsFork = payload.Id("pull_request.head.repo.id") is not { } source || source != payload.Id("pull_request.base.repo.id"),
        IsDraft = payload.Flag("pull_request.draft"),
        Labels = payload.Texts("pull_request.labels", "name"),
        LabelsAdded = LabelsAdded(payload),
        Repository = new() { Id = payload.NeededId("pull_request.base.repo.id"), FullName = payload.NeededText("pull_request.base.repo.full_name") },
        CloneUrl = payload.Address("pull_request.base.repo.clone_url"),
        UpdatedAt = payload.Time("pull_request.updated_at"),
    };
}
