using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>The shapes that GitHub's API and Gitea's have in common.</summary>
internal static class GitHubPulls
{
    public static PullRequest Read(Json pull) => new()
    {
        Number = pull.NeededNumber("number"),
        State = StateOf(pull),
        SourceBranch = pull.Branch("head.ref"),
        HeadSha = pull.Commit("head.sha"),
        IsFork = pull.Id("head.repo.id") is not { } source || source != pull.NeededId("base.repo.id"),
        Repository = new() { Id = pull.NeededId("base.repo.id"), FullName = pull.NeededText("base.repo.full_name") },
        Labels = [.. pull.Items("labels").Select(label => label.Text("name")).OfType<string>()],
    };

    /// <summary>The body of a commit status; a repetition adds nothing that shows.</summary>
    public static HostRequest Status(string path, CommitStatus status) => HostRequest.Send(HttpMethod.Post, path, json =>
    {
        json.WriteString("state", status.State switch { CommitState.Success => "success", CommitState.Failure => "failure", _ => "pending" });
        json.WriteString("context", status.Context);
        json.WriteString("description", Segments.Cut(status.Description, CommitStatus.MaxDescriptionLength));
        if (status.Target is { } target)
        {
            json.WriteString("target_url", target.AbsoluteUri);
        }
    }) with
    { Repeatable = true };

    // In lists GitHub has no "merged"; what is listed is open.
    private static PullRequestState StateOf(Json pull) => pull.NeededText("state") switch
    {
        "open" => PullRequestState.Open,
        "closed" => pull.Flag("merged") || pull.Has("merged_at") ? PullRequestState.Merged : PullRequestState.Closed,
        var other => throw pull.Unknown("state", other),
    };
}
