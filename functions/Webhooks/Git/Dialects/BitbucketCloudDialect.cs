using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>
/// Bitbucket Cloud (Atlassian, Bitbucket Cloud, Event payloads). Commits are short: 12 digits. There are no labels, and no address for
/// cloning is sent: it is the page's with <c>.git</c>.
/// </summary>
internal sealed class BitbucketCloudDialect : IGitDialect
{
    public Topic TopicOf(Delivery delivery) => ActionOf(delivery) is null ? Topic.Nothing : Topic.PullRequest;

    public string? DeliveryId(Delivery delivery, Payload payload) => delivery.Header("X-Request-UUID");

    public PullRequestFacts? Read(Delivery delivery, Payload payload) => ActionOf(delivery) is { } action ? Facts(payload, action) : null;

    private static PullRequestAction? ActionOf(Delivery delivery) => delivery.Header("X-Event-Key") switch
    {
        "pullrequest:created" => PullRequestAction.Opened,
        // A push, a new title, another target: it does not say which.
        "pullrequest:updated" => PullRequestAction.Edited,
        "pullrequest:fulfilled" => PullRequestAction.Merged,
        "pullrequest:rejected" => PullRequestAction.Closed,
        _ => null,
    };

    private static PullRequestFacts Facts(Payload payload, PullRequestAction action) => new()
    {
        Action = action,
        State = payload.State("pullrequest.state", ["OPEN", "DRAFT", "QUEUED"], ["DECLINED", "SUPERSEDED"], ["MERGED"]),
        Number = payload.NeededNumber("pullrequest.id"),
        Title = payload.Text("pullrequest.title"),
        Author = payload.Text("pullrequest.author.account_id") ?? payload.Text("pullrequest.author.uuid"),
        SourceBranch = payload.Branch("pullrequest.source.branch.name"),
        TargetBranch = payload.Branch("pullrequest.destination.branch.name"),
        HeadSha = payload.Commit("pullrequest.source.commit.hash"),
        // A fork that was deleted leaves null.
        IsFork = payload.Text("pullrequest.source.repository.uuid") is not { } source || source != payload.Text("pullrequest.destination.repository.uuid"),
        IsDraft = payload.Flag("pullrequest.draft"),
        Repository = new()
        {
            Id = payload.NeededText("pullrequest.destination.repository.uuid").Trim('{', '}'),
            FullName = payload.NeededText("pullrequest.destination.repository.full_name"),
        },
        CloneUrl = payload.Address("pullrequest.destination.repository.links.html.href") is { } page ? new Uri($"{page.AbsoluteUri.TrimEnd('/')}.git") : null,
        UpdatedAt = payload.Time("pullrequest.updated_on"),
    };
}
