using System.Runtime.CompilerServices;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>Azure DevOps (Microsoft Learn, Azure DevOps Services REST API 7.1, Git). Repositories are asked for by id, which a rename keeps.</summary>
internal sealed class AzureDevOpsHost(GitHostOptions options, HostTransport transport) : GitHost(options, transport)
{
    public const string ApiPath = "_apis/";
    private const string Version = "api-version=7.1";
    private const int PageSize = 100;

    public override async Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken)
    {
        var pull = await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pullRequests/{number}?{Version}"), cancellationToken);
        var labels = await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pullRequests/{number}/labels?{Version}"), cancellationToken);
        return Read(pull) with { Labels = [.. labels.NeededItems("value").Where(label => label.Flag("active")).Select(label => label.NeededText("name"))] };
    }

    public override async IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(
            page => HostRequest.Get($"{Repo(repository)}/pullRequests?searchCriteria.status=active&$top={PageSize}&$skip={(page - 1) * PageSize}&{Version}"),
            page => page.NeededItems("value").Count() == PageSize, cancellationToken))
        {
            foreach (var pull in page.NeededItems("value"))
            {
                yield return Read(pull);
            }
        }
    }

    public override Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(status);
        var separator = status.Context.LastIndexOf('/');
        return Transport.SendAsync(
            HostRequest.Send(HttpMethod.Post, $"{Repo(repository)}/pullRequests/{number}/statuses?{Version}", json =>
            {
                json.WriteString("state", status.State switch { CommitState.Success => "succeeded", CommitState.Failure => "failed", _ => "pending" });
                json.WriteString("description", Segments.Cut(status.Description, CommitStatus.MaxDescriptionLength));
                json.WriteStartObject("context");
                json.WriteString("name", status.Context[(separator + 1)..]);
                json.WriteString("genre", separator < 0 ? "" : status.Context[..separator]);
                json.WriteEndObject();
                if (status.Target is { } target)
                {
                    json.WriteString("targetUrl", target.AbsoluteUri);
                }
            }) with
            { Repeatable = true },
            cancellationToken);
    }

    protected override HostRequest FileRequest(GitRepository repository, string path, CommitSha commit) =>
        HostRequest.Get($"{Repo(repository)}/items?path=/{path}&versionDescriptor.version={commit}&versionDescriptor.versionType=commit&$format=octetStream&{Version}")
            with
        { Accept = "application/octet-stream" };

    protected override async Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken) =>
        Resolved(commit, (await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/commits/{commit}?changeCount=0&{Version}"), cancellationToken)).Commit("commitId"));

    protected override async Task<string> FindAccountAsync(CancellationToken cancellationToken) =>
        (await Transport.ReadAsync(HostRequest.Get("connectionData"), cancellationToken)).NeededText("authenticatedUser.id");

    protected override async IAsyncEnumerable<OwnComment> ListCommentsAsync(
        GitRepository repository, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pullRequests/{number}/threads?{Version}"), cancellationToken);
        foreach (var thread in answer.NeededItems("value").Where(thread => !thread.Flag("isDeleted")))
        {
            foreach (var comment in thread.Items("comments").Where(comment => !comment.Flag("isDeleted")))
            {
                yield return new OwnComment(
                    $"{thread.NeededId("id")}/comments/{comment.NeededId("id")}", comment.Text("content"), comment.Text("author.id"), comment.Text("author.uniqueName"));
            }
        }
    }

    // Closed from the start: an active thread holds up pull requests where all comments must be resolved.
    protected override Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(
            HostRequest.Send(HttpMethod.Post, $"{Repo(repository)}/pullRequests/{number}/threads?{Version}", json =>
            {
                json.WriteStartArray("comments");
                json.WriteStartObject();
                json.WriteNumber("parentCommentId", 0);
                json.WriteString("content", body);
                json.WriteString("commentType", "text");
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteString("status", "closed");
            }),
            cancellationToken);

    protected override Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(
            HostRequest.Send(HttpMethod.Patch, $"{Repo(repository)}/pullRequests/{number}/threads/{comment.Id}?{Version}", json => json.WriteString("content", body)) with { Repeatable = true },
            cancellationToken);

    private static PullRequest Read(Json pull) => new()
    {
        Number = pull.NeededNumber("pullRequestId"),
        State = pull.NeededText("status") switch
        {
            "active" => PullRequestState.Open,
            "abandoned" => PullRequestState.Closed,
            "completed" => PullRequestState.Merged,
            var other => throw pull.Unknown("status", other),
        },
        SourceBranch = pull.Branch("sourceRefName"),
        HeadSha = pull.Commit("lastMergeSourceCommit.commitId"),
        IsFork = pull.Has("forkSource"),
        Repository = new() { Id = pull.NeededText("repository.id"), FullName = $"{pull.NeededText("repository.project.name")}/{pull.NeededText("repository.name")}" },
        Labels = [],
    };

    private static string Repo(GitRepository repository) => $"git/repositories/{Segments.Id(repository)}";
}
