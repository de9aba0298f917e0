using System.Runtime.CompilerServices;
using System.Text;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>GitHub (GitHub Docs, REST API, version 2022-11-28).</summary>
internal sealed class GitHubHost(GitHostOptions options, HostTransport transport) : GitHost(options, transport)
{
    public const string ApiPath = "";
    private const int PageSize = 100;

    public override async Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken) =>
        GitHubPulls.Read(await Transport.ReadAsync(HostRequest.Get($"{Repo(repository)}/pulls/{number}"), cancellationToken));

    public override async IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(page => HostRequest.Get($"{Repo(repository)}/pulls?state=open&per_page={PageSize}&page={page}"), IsFull, cancellationToken))
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

    // Without "raw" it would be JSON with base64 and a limit of 1 MB (Get repository content).
    protected override HostRequest FileRequest(GitRepository repository, string path, CommitSha commit) =>
        HostRequest.Get($"{Repo(repository)}/contents/{path}?ref={commit}") with { Accept = "application/vnd.github.raw+json" };

    // A folder is answered as a JSON list whatever was asked for.
    protected override bool IsFile(HostReply reply) => reply.MediaType?.Contains("raw", StringComparison.Ordinal) is true;

    protected override async Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken)
    {
        var request = HostRequest.Get($"{Repo(repository)}/commits/{commit}") with { Accept = "application/vnd.github.sha", MaxBytes = 1024 };
        var reply = await Transport.SendAsync(request, cancellationToken);
        return Resolved(commit, CommitSha.TryParse(Encoding.ASCII.GetString(reply.Body).Trim(), out var sha) ? sha : null);
    }

    protected override async Task<string> FindAccountAsync(CancellationToken cancellationToken) =>
        (await Transport.ReadAsync(HostRequest.Get("user"), cancellationToken)).NeededText("login");

    protected override async IAsyncEnumerable<OwnComment> ListCommentsAsync(
        GitRepository repository, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(page => HostRequest.Get($"{Repo(repository)}/issues/{number}/comments?per_page={PageSize}&page={page}"), IsFull, cancellationToken))
        {
            foreach (var comment in page.NeededItems(""))
            {
                yield return new OwnComment(comment.NeededId("id"), comment.Text("body"), comment.Text("user.login"));
            }
        }
    }

    protected override Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(HostRequest.Send(HttpMethod.Post, $"{Repo(repository)}/issues/{number}/comments", json => json.WriteString("body", body)), cancellationToken);

    protected override Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken) =>
        Transport.SendAsync(
            HostRequest.Send(HttpMethod.Patch, $"{Repo(repository)}/issues/comments/{comment.Id}", json => json.WriteString("body", body)) with { Repeatable = true }, cancellationToken);

    private static bool IsFull(Json page) => page.NeededItems("").Count() == PageSize;

    private static string Repo(GitRepository repository) => Segments.OwnerAndName(repository) is var (owner, name) ? $"repos/{owner}/{name}" : "";
}
