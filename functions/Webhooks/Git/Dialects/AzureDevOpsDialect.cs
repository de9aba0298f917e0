using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>
/// Azure DevOps (Microsoft Learn, Service hooks events: <c>git.pullrequest.*</c>, resource version 1.0). The event's name is in the body
/// and says little: <c>merged</c> means that a merge was tried, <c>updated</c> anything. The state is in <c>resource.status</c>.
/// </summary>
internal sealed class AzureDevOpsDialect : IGitDialect
{
    public Topic TopicOf(Delivery delivery) => Topic.PullRequest;

    public string? DeliveryId(Delivery delivery, Payload payload) => payload.Text("id");

    public PullRequestFacts? Read(Delivery delivery, Payload payload) =>
        payload.NeededText("eventType") is "git.pullrequest.created" or "git.pullrequest.updated" or "git.pullrequest.merged" ? Facts(payload) : null;

    private static PullRequestFacts Facts(Payload payload)
    {
        var state = payload.State("resource.status", ["active"], ["abandoned"], ["completed"]);
        return new()
        {
            Action = ActionOf(state, payload.Text("eventType")),
            State = state,
            Number = payload.NeededNumber("resource.pullRequestId"),
            Title = payload.Text("resource.title"),
            Author = payload.Text("resource.createdBy.uniqueName") ?? payload.Text("resource.createdBy.id"),
            SourceBranch = payload.Branch("resource.sourceRefName"),
            TargetBranch = payload.Branch("resource.targetRefName"),
            // Not there before the first merge was tried.
            HeadSha = payload.Commit("resource.lastMergeSourceCommit.commitId"),
            IsFork = payload.Has("resource.forkSource"),
            IsDraft = payload.Flag("resource.isDraft"),
            Labels = payload.Texts("resource.labels", "name"),
            Repository = new()
            {
                Id = payload.NeededText("resource.repository.id"),
                FullName = $"{payload.NeededText("resource.repository.project.name")}/{payload.NeededText("resource.repository.name")}",
            },
            CloneUrl = payload.Address("resource.repository.remoteUrl"),
            // The event's own time: when the pull request changed is not sent.
            UpdatedAt = payload.Time("createdDate"),
        };
    }

    private static PullRequestAction ActionOf(PullRequestState state, string? eventType) => state switch
    {
        PullRequestState.Merged => PullRequestAction.Merged,
        PullRequestState.Closed => PullRequestAction.Closed,
        _ => eventType == "git.pullrequest.created" ? PullRequestAction.Opened : PullRequestAction.Edited,
    };
}
