using System.Runtime.CompilerServices;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>Gitea and Forgejo (Gitea API v1, /api/swagger; Forgejo keeps it).</summary>
internal sealed class GiteaHost(GitHostOptions options, HostTransport transport) : GitHost(options, transport)
{
    public const string ApiPath = "api/v1/";
    private const int PageSize = 50;

    public override async Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken) =>
        GitHubPulls.Read(await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pulls/{number}"), cancellationToken));

    public override async IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // MAX_RESPONSE_ITEMS may make pages shorter than was asked for: only an empty one is the last.
        await foreach (var page in PagesAsync(
            page => HostRequest.Get($"{Repo(repository)}/pulls?state=open&limit={PageSize}&page={page}"), page => page.NeededItems("").Any(), cancellationToken))
        {
            foreach (var pull in page.NeededItems(""))
            {
                yield return GitHubPulls.Read(pull);
            }
        }
    }

    public override Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Transport.SendAsync(GitHubPulls.Status($"{Repo(repository)}/statuses/{status.Commit}", status), cancellationToken);
    }

    protected override HostRequest FileRequest(GitRepository repository, string path, CommitSha commit) =>
        HostRequest.Get($"{Repo(repository)}/raw/{path}?ref={commit}") with { Accept = "*/*" };

    protected override async Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken) =>
        Resolved(commit, (await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/git/commits/{commit}?stat=false&verification=false&files=false"), cancellationToken)).Commit("sha"));

    protected override async Task<string> FindAccountAsync(CancellationToken cancellationToken) =>
        (await Transport.ReadAsync(HostRequest.Get("user"), cancellationToken)).NeededText("login");

    // Not paged: all comments of an issue come at once.
    protected override async IAsyncEnumerable<OwnComment> ListCommentsAsync(
        GitRepository repository, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/issues/{number}/comments"), cancellationToken);
        foreach (var comment in answer.NeededItems(""))
        {
            yield return new OwnComment(comment.NeededId("id"), comment.Text("body"), comment.Text("user.login"));
        }
    }

    protected override Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(HostRequest.Send(HttpMethod.Post, $"{Repo(repository)}/issues/{number}/comments", json => json.WriteString("body", body)), cancellationToken);

    protected override Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(
            HostRequest.Send(HttpMethod.Patch, $"{Repo(repository)}/issues/comments/{comment.Id}", json => json.WriteString("body", body)) with { Repeatable = true }, cancellationToken);

    private static string Repo(GitRepository repository) => Segments.OwnerAndName(repository) is var (owner, name) ? $"repos/{owner}/{name}" : "";
}
