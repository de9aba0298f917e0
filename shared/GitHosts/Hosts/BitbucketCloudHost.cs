using System.Runtime.CompilerServices;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>Bitbucket Cloud (Atlassian, Bitbucket Cloud REST API 2.0). Pull requests name commits by 12 digits, which are resolved here.</summary>
internal sealed class BitbucketCloudHost(GitHostOptions options, HostTransport transport) : GitHost(options, transport)
{
    public const string ApiPath = "2.0/";

    // The most that pull requests can be listed by.
    private const int PageSize = 50;

    public override async Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken) =>
        await ReadAsync(await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pullrequests/{number}"), cancellationToken), cancellationToken);

    public override async IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(
            page => HostRequest.Get($"{Repo(repository)}/pullrequests?state=OPEN&pagelen={PageSize}&page={page}"), page => page.Has("next"), cancellationToken))
        {
            foreach (var pull in page.NeededItems("values"))
            {
                yield return await ReadAsync(pull, cancellationToken);
            }
        }
    }

    public override Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(status);
        var page = new Uri($"https://bitbucket.org/{repository?.FullName}/pull-requests/{number}");
        return Transport.SendAsync(BitbucketStatus.Request($"{Repo(repository!)}/commit/{status.Commit}/statuses/build", status, page), cancellationToken);
    }

    protected override HostRequest FileRequest(GitRepository repository, string path, CommitSha commit) =>
        HostRequest.Get($"{Repo(repository)}/src/{commit}/{path}") with { Accept = "*/*" };

    protected override async Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken) =>
        Resolved(commit, (await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/commit/{commit}"), cancellationToken)).Commit("hash"));

    // A repository's or workspace's access token is a user of its own too.
    protected override async Task<string> FindAccountAsync(CancellationToken cancellationToken) =>
        (await Transport.ReadAsync(HostRequest.Get("user"), cancellationToken)).NeededText("uuid");

    protected override async IAsyncEnumerable<OwnComment> ListCommentsAsync(
        GitRepository repository, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(
            page => HostRequest.Get($"{Repo(repository)}/pullrequests/{number}/comments?pagelen=100&page={page}"), page => page.Has("next"), cancellationToken))
        {
            foreach (var comment in page.NeededItems("values").Where(comment => !comment.Flag("deleted")))
            {
                yield return new OwnComment(
                    comment.NeededId("id"), comment.Text("content.raw"), comment.Text("user.uuid"), comment.Text("user.account_id"), comment.Text("user.nickname"));
            }
        }
    }

    protected override Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(Comment(HttpMethod.Post, $"{Repo(repository)}/pullrequests/{number}/comments", body), cancellationToken);

    protected override Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(Comment(HttpMethod.Put, $"{Repo(repository)}/pullrequests/{number}/comments/{comment.Id}", body), cancellationToken);

    private static HostRequest Comment(HttpMethod method, string path, string body) => HostRequest.Send(method, path, json =>
    {
        json.WriteStartObject("content");
        json.WriteString("raw", body);
        json.WriteEndObject();
    });

    private async Task<PullRequest> ReadAsync(Json pull, CancellationToken cancellationToken)
    {
        var repository = new GitRepository
        {
            Id = pull.NeededText("destination.repository.uuid").Trim('{', '}'),
            FullName = pull.NeededText("destination.repository.full_name"),
        };
        var source = pull.Has("source.repository.uuid")
            ? new GitRepository { Id = pull.NeededText("source.repository.uuid").Trim('{', '}'), FullName = pull.NeededText("source.repository.full_name") }
            : null;
        return new PullRequest
        {
            Number = pull.NeededNumber("id"),
            State = StateOf(pull),
            SourceBranch = pull.Branch("source.branch.name"),
            HeadSha = await HeadAsync(pull, source, cancellationToken),
            IsFork = source is null || source.Id != repository.Id,
            Repository = repository,
            Labels = [],
        };
    }

    // Only an open one is worth a request: of a closed one the commit may be gone with its branch.
    private async Task<CommitSha?> HeadAsync(Json pull, GitRepository? source, CancellationToken cancellationToken)
    {
        var head = pull.Commit("source.commit.hash");
        return head is { IsFull: false } @short
            ? source is null || StateOf(pull) != PullRequestState.Open ? null : await FindCommitAsync(source, @short, cancellationToken)
            : head;
    }

    private static PullRequestState StateOf(Json pull) => pull.NeededText("state") switch
    {
        "OPEN" or "DRAFT" or "QUEUED" => PullRequestState.Open,
        "DECLINED" or "SUPERSEDED" => PullRequestState.Closed,
        "MERGED" => PullRequestState.Merged,
        var other => throw pull.Unknown("state", other),
    };

    private static string Repo(GitRepository repository) => Segments.OwnerAndName(repository) is var (owner, name) ? $"repositories/{owner}/{name}" : "";
}
