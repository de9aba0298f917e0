using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>GitLab (GitLab Docs, REST API v4). Projects are asked for by id, which a rename keeps.</summary>
internal sealed class GitLabHost(GitHostOptions options, HostTransport transport) : GitHost(options, transport)
{
    public const string ApiPath = "api/v4/";
    private const int PageSize = 100;

    public override async Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken) =>
        Read(await Transport.ReadAsync(HostRequest.Get($"{Project(repository)}/merge_requests/{number}"), cancellationToken));

    public override async IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(
            page => HostRequest.Get($"{Project(repository)}/merge_requests?state=opened&per_page={PageSize}&page={page}"), IsFull, cancellationToken))
        {
            foreach (var request in page.NeededItems(""))
            {
                yield return Read(request);
            }
        }
    }

    /// <summary>"Set the pipeline status of a commit". Setting the state it has is refused there with 400, and is what was wanted.</summary>
    public override async Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(status);
        var request = HostRequest.Send(HttpMethod.Post, $"{Project(repository)}/statuses/{status.Commit}", json =>
        {
            json.WriteString("state", status.State switch { CommitState.Success => "success", CommitState.Failure => "failed", _ => "running" });
            json.WriteString("name", status.Context);
            json.WriteString("description", Segments.Cut(status.Description, CommitStatus.MaxDescriptionLength));
            if (status.Target is { } target)
            {
                json.WriteString("target_url", target.AbsoluteUri);
            }
        }) with
        { Repeatable = true };
        var reply = await Transport.SendAsync(request, HttpStatusCode.BadRequest, cancellationToken);
        if (reply.Status == HttpStatusCode.BadRequest && !Encoding.UTF8.GetString(reply.Body).Contains("Cannot transition status", StringComparison.Ordinal))
        {
            throw Transport.Fault(reply, request);
        }
    }

    protected override HostRequest FileRequest(GitRepository repository, string path, CommitSha commit) =>
        HostRequest.Get($"{Project(repository)}/repository/files/{path.Replace("/", "%2F", StringComparison.Ordinal)}/raw?ref={commit}") with { Accept = "*/*" };

    protected override async Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken) =>
        Resolved(commit, (await Transport.ReadAsync(HostRequest.Get($"{Project(repository)}/repository/commits/{commit}?stats=false"), cancellationToken)).Commit("id"));

    protected override async Task<string> FindAccountAsync(CancellationToken cancellationToken) =>
        (await Transport.ReadAsync(HostRequest.Get("user"), cancellationToken)).NeededText("username");

    protected override async IAsyncEnumerable<OwnComment> ListCommentsAsync(
        GitRepository repository, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(
            page => HostRequest.Get($"{Project(repository)}/merge_requests/{number}/notes?sort=asc&order_by=created_at&per_page={PageSize}&page={page}"), IsFull, cancellationToken))
        {
            foreach (var note in page.NeededItems("").Where(note => !note.Flag("system")))
            {
                yield return new OwnComment(note.NeededId("id"), note.Text("body"), note.Text("author.username"));
            }
        }
    }

    protected override Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(HostRequest.Send(HttpMethod.Post, $"{Project(repository)}/merge_requests/{number}/notes", json => json.WriteString("body", body)), cancellationToken);

    protected override Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(
            HostRequest.Send(HttpMethod.Put, $"{Project(repository)}/merge_requests/{number}/notes/{comment.Id}", json => json.WriteString("body", body)), cancellationToken);

    private static PullRequest Read(Json request) => new()
    {
        Number = request.NeededNumber("iid"),
        State = request.NeededText("state") switch
        {
            // "locked" is a merge under way.
            "opened" or "locked" => PullRequestState.Open,
            "closed" => PullRequestState.Closed,
            "merged" => PullRequestState.Merged,
            var other => throw request.Unknown("state", other),
        },
        SourceBranch = request.Branch("source_branch"),
        HeadSha = request.Commit("sha"),
        IsFork = request.Id("source_project_id") is not { } source || source != request.NeededId("target_project_id"),
        // references.full is group/project!7.
        Repository = new() { Id = request.NeededId("target_project_id"), FullName = request.NeededText("references.full").Split('!')[0] },
        Labels = [.. request.Items("labels").Select(label => label.AsText()).OfType<string>()],
    };

    private static bool IsFull(Json page) => page.NeededItems("").Count() == PageSize;

    private static string Project(GitRepository repository) => $"projects/{Segments.Id(repository)}";
}
