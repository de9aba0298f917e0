using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>
/// Gitea and Forgejo, which differ in their headers (Gitea Docs, Webhooks; Forgejo Docs, Webhooks; both: modules/structs/hook.go,
/// <c>PullRequestPayload</c>). Its shape is GitHub's, its actions are not: a push is <c>synchronized</c>.
/// </summary>
/// <param name="prefix">The headers': <c>X-Gitea</c> or <c>X-Forgejo</c>.</param>
internal sealed class GiteaDialect(string prefix) : IGitDialect
{
    private static readonly string[] DraftPrefixes = ["WIP:", "[WIP]"];

    public Topic TopicOf(Delivery delivery) => delivery.Header($"{prefix}-Event") == "pull_request" ? Topic.PullRequest : Topic.Nothing;

    public string? DeliveryId(Delivery delivery, Payload payload) => delivery.Header($"{prefix}-Delivery");

    public PullRequestFacts? Read(Delivery delivery, Payload payload)
    {
        var merged = payload.Flag("pull_request.merged");
        return ActionOf(payload.NeededText("action"), merged) is { } action ? Facts(payload, action, merged) : null;
    }

    private static PullRequestAction? ActionOf(string action, bool merged) => action switch
    {
        "opened" => PullRequestAction.Opened,
        "synchronized" => PullRequestAction.Pushed,
        "reopened" => PullRequestAction.Reopened,
        "closed" => merged ? PullRequestAction.Merged : PullRequestAction.Closed,
        "edited" or "label_updated" or "label_cleared" => PullRequestAction.Edited,
        _ => null,
    };

    private static PullRequestFacts Facts(Payload payload, PullRequestAction action, bool merged)
    {
        var title = payload.Text("pull_request.title");
        return new()
        {
            Action = action,
            State = merged ? PullRequestState.Merged : payload.State("pull_request.state", ["open"], ["closed"], []),
            Number = payload.NeededNumber("number"),
            Title = title,
            Author = payload.Text("pull_request.user.login"),
            SourceBranch = payload.Branch("pull_request.head.ref"),
            TargetBranch = payload.Branch("pull_request.base.ref"),
            HeadSha = payload.Commit("pull_request.head.sha"),
            IsFork = payload.Id("pull_request.head.repo.id") is not { } source || source != payload.Id("pull_request.base.repo.id"),
            // Older versions do not say: there a draft is a title that begins so (the default of WORK_IN_PROGRESS_PREFIXES).
            IsDraft = payload.Has("pull_request.draft")
                ? payload.Flag("pull_request.draft")
                : DraftPrefixes.Any(draft => title?.StartsWith(draft, StringComparison.OrdinalIgnoreCase) is true),
            Labels = payload.Texts("pull_request.labels", "name"),
            // "label_updated" does not say which label was set or taken off.
            LabelsAdded = action is PullRequestAction.Opened ? payload.Texts("pull_request.labels", "name") : [],
            Repository = new() { Id = payload.NeededId("pull_request.base.repo.id"), FullName = payload.NeededText("pull_request.base.repo.full_name") },
            CloneUrl = payload.Address("pull_request.base.repo.clone_url"),
            UpdatedAt = payload.Time("pull_request.updated_at"),
        };
    }
}
