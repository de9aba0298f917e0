using System.Security.Cryptography;
using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>GitLab (GitLab Docs, Webhook events, "Merge request events"; Webhooks, "Delivery headers"). System hooks send the same body.</summary>
internal sealed class GitLabDialect : IGitDialect
{
    public Topic TopicOf(Delivery delivery) =>
        delivery.Header("X-Gitlab-Event") is "Merge Request Hook" or "System Hook" ? Topic.PullRequest : Topic.Nothing;

    // X-Gitlab-Event-UUID is shared by all deliveries that one event sets off, directly or not: only with the body it names one.
    public string? DeliveryId(Delivery delivery, Payload payload) =>
        delivery.Header("Idempotency-Key") ?? delivery.Header("webhook-id")
        ?? (delivery.Header("X-Gitlab-Event-UUID") is { } uuid ? $"{uuid}-{Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span).AsSpan(0, 16))}" : null);

    public PullRequestFacts? Read(Delivery delivery, Payload payload) =>
        payload.Text("object_kind") == "merge_request" && ActionOf(payload) is { } action ? Facts(payload, action) : null;

    private static PullRequestAction? ActionOf(Payload payload) => payload.Text("object_attributes.action") switch
    {
        "open" => PullRequestAction.Opened,
        "reopen" => PullRequestAction.Reopened,
        "close" => PullRequestAction.Closed,
        "merge" => PullRequestAction.Merged,
        // Only an update that says what the commit was before is a push.
        "update" => payload.Has("object_attributes.oldrev") ? PullRequestAction.Pushed : PullRequestAction.Edited,
        _ => null,
    };

    private static PullRequestFacts Facts(Payload payload, PullRequestAction action) => new()
    {
        Action = action,
        // "locked" is a merge under way.
        State = payload.State("object_attributes.state", ["opened", "locked"], ["closed"], ["merged"]),
        Number = payload.NeededNumber("object_attributes.iid"),
        Title = payload.Text("object_attributes.title"),
        Author = AuthorOf(payload),
        SourceBranch = payload.Branch("object_attributes.source_branch"),
        TargetBranch = payload.Branch("object_attributes.target_branch"),
        // A merge request without commits has null.
        HeadSha = payload.Commit("object_attributes.last_commit.id"),
        IsFork = payload.Id("object_attributes.source_project_id") is not { } source || source != payload.Id("object_attributes.target_project_id"),
        IsDraft = payload.Flag("object_attributes.draft") || payload.Flag("object_attributes.work_in_progress"),
        Labels = payload.Texts("labels", "title"),
        LabelsAdded = LabelsAdded(payload, action),
        Repository = new()
        {
            Id = payload.NeededId("object_attributes.target_project_id"),
            FullName = payload.Text("object_attributes.target.path_with_namespace") ?? payload.NeededText("project.path_with_namespace"),
        },
        CloneUrl = payload.Address("object_attributes.target.git_http_url") ?? payload.Address("project.git_http_url"),
        UpdatedAt = payload.Time("object_attributes.updated_at"),
    };

    // What changed with a push may have been set on the commit before it.
    private static IReadOnlyList<string> LabelsAdded(Payload payload, PullRequestAction action) => action switch
    {
        PullRequestAction.Opened => payload.Texts("labels", "title"),
        PullRequestAction.Edited => [.. payload.Texts("changes.labels.current", "title").Except(payload.Texts("changes.labels.previous", "title"))],
        _ => [],
    };

    // "user" is who did this, which may be somebody else; of the author only the number is sent.
    private static string? AuthorOf(Payload payload)
    {
        var author = payload.Id("object_attributes.author_id");
        return author is not null && author == payload.Id("user.id") ? payload.Text("user.username") : author;
    }
}
