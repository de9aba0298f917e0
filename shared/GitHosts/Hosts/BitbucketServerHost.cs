using System.Runtime.CompilerServices;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>Bitbucket Data Center (Atlassian, Bitbucket Data Center REST API, <c>/rest/api/latest</c>, 8.0 or later).</summary>
internal sealed class BitbucketServerHost(GitHostOptions options, HostTransport transport) : GitHost(options, transport)
{
    public const string ApiPath = "rest/api/latest/";
    private const int PageSize = 100;
    private readonly Uri _address = options.Address;

    public override async Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken) =>
        Read(await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pull-requests/{number}"), cancellationToken));

    public override async IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pull in ValuesAsync($"{Repo(repository)}/pull-requests?state=OPEN", cancellationToken))
        {
            yield return Read(pull);
        }
    }

    public override Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(status);
        var page = new Uri($"{_address.AbsoluteUri.TrimEnd('/')}/{Repo(repository)}/pull-requests/{number}");
        return Transport.SendAsync(BitbucketStatus.Request($"{Repo(repository)}/commits/{status.Commit}/builds", status, page), cancellationToken);
    }

    protected override HostRequest FileRequest(GitRepository repository, string path, CommitSha commit) =>
        HostRequest.Get($"{Repo(repository)}/raw/{path}?at={commit}") with { Accept = "*/*" };

    protected override async Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken) =>
        Resolved(commit, (await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/commits/{commit}"), cancellationToken)).Commit("id"));

    // There is no "who am I"; every answer to a login names the user in a header.
    protected override async Task<string> FindAccountAsync(CancellationToken cancellationToken)
    {
        var request = HostRequest.Get("application-properties");
        return (await Transport.SendAsync(request, cancellationToken)).Header("X-AUSERNAME") is { Length: > 0 } name
            ? Uri.UnescapeDataString(name)
            : throw new GitHostException($"{Transport.Description} does not say whose token this is (X-AUSERNAME). Set Git:Hosts:{Name}:Account.", GitHostFault.Denied);
    }

    // Comments can be listed by file only; those on the whole are among the activities, newest first.
    protected override async IAsyncEnumerable<OwnComment> ListCommentsAsync(
        GitRepository repository, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var activity in ValuesAsync($"{Repo(repository)}/pull-requests/{number}/activities?", cancellationToken))
        {
            if (activity.Text("action") == "COMMENTED" && activity.Has("comment.id"))
            {
                yield return new OwnComment(
                    activity.NeededId("comment.id"), activity.Text("comment.text"), activity.Text("comment.author.name"), activity.Text("comment.author.slug"))
                {
                    Version = activity.NeededNumber("comment.version"),
                };
            }
        }
    }

    protected override Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(HostRequest.Send(HttpMethod.Post, $"{Repo(repository)}/pull-requests/{number}/comments", json => json.WriteString("text", body)), cancellationToken);

    protected override Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(
            HostRequest.Send(HttpMethod.Put, $"{Repo(repository)}/pull-requests/{number}/comments/{comment.Id}", json =>
            {
                json.WriteString("text", body);
                json.WriteNumber("version", comment.Version);
            }),
            cancellationToken);

    private async IAsyncEnumerable<Json> ValuesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = 0;
        await foreach (var page in PagesAsync(_ => HostRequest.Get($"{path}&limit={PageSize}&start={start}"), page => !page.Flag("isLastPage"), cancellationToken))
        {
            foreach (var value in page.NeededItems("values"))
            {
                yield return value;
            }

            start = page.Flag("isLastPage") ? start : page.NeededNumber("nextPageStart");
        }
    }

    private static PullRequest Read(Json pull) => new()
    {
        Number = pull.NeededNumber("id"),
        State = pull.NeededText("state") switch
        {
            "OPEN" => PullRequestState.Open,
            "DECLINED" => PullRequestState.Closed,
            "MERGED" => PullRequestState.Merged,
            var other => throw pull.Unknown("state", other),
        },
        SourceBranch = pull.Branch("fromRef.id"),
        HeadSha = pull.Commit("fromRef.latestCommit"),
        IsFork = pull.Id("fromRef.repository.id") is not { } source || source != pull.NeededId("toRef.repository.id"),
        Repository = new()
        {
            Id = pull.NeededId("toRef.repository.id"),
            FullName = $"{pull.NeededText("toRef.repository.project.key")}/{pull.NeededText("toRef.repository.slug")}",
        },
        Labels = [],
    };

    private static string Repo(GitRepository repository) => Segments.OwnerAndName(repository) is var (key, slug) ? $"projects/{key}/repos/{slug}" : "";
}
