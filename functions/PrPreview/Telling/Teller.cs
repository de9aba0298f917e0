using System.Security.Cryptography;
using System.Text;
using Ebb.GitHosts;
using Ebb.PrPreview.Keeping;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Truth;
using Microsoft.Extensions.Logging;

namespace Ebb.PrPreview.Telling;

/// <summary>
/// Tells a pull request of its preview: one comment that is edited in place, and a status of the commit. That it could not be told is
/// recorded, and never fails a preview, nor keeps it for longer than <see cref="Pace.Telling"/>. What was told already is not told again.
/// </summary>
internal sealed partial class Teller(GitHostFinder hosts, PullRequestMemory memory, Pace pace, ILogger<Teller> logger)
{
    private const string Marker = "preview";
    private const string Context = "ebb/preview";

    /// <summary>Tells it; otherwise the reason why not.</summary>
    public async Task<string?> TellAsync(PullRequestAddress address, Notice notice, CancellationToken cancellationToken)
    {
        if (hosts(address.Server, address.Host) is not { } host)
        {
            return $"Git:Hosts has no credentials for {address.Server}.";
        }

        var before = await memory.GetAsync(address.Key, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(pace.Telling);
        // Side by side: where one of them is not answered, the other has been told.
        var comment = TryAsync(address, told => CommentAsync(host, address, notice, before, told, cancellationToken), limit.Token, cancellationToken);
        var status = TryAsync(address, told => StatusAsync(host, address, notice, before, told, cancellationToken), limit.Token, cancellationToken);
        var untold = await Task.WhenAll(comment, status);
        return untold[0] ?? untold[1];
    }

    private async Task CommentAsync(
        IGitHost host, PullRequestAddress address, Notice notice, RememberedPullRequest before, CancellationToken limit, CancellationToken cancellationToken)
    {
        var text = NoticeText.Of(notice);
        var hash = HashOf(text);
        if (before.Comment == hash || (before.Comment is null && !notice.IsNews))
        {
            return;
        }

        await host.WriteCommentAsync(address.Repository, address.Number, new CommentText(Marker, text), limit);
        await memory.ChangeAsync(address.Key, kept => kept with { Comment = hash }, cancellationToken);
    }

    private async Task StatusAsync(
        IGitHost host, PullRequestAddress address, Notice notice, RememberedPullRequest before, CancellationToken limit, CancellationToken cancellationToken)
    {
        if (notice is not { Status: { } state, Commit: { IsFull: true } commit })
        {
            return;
        }

        var status = new CommitStatus { Commit = commit, State = state, Context = Context, Description = $"Preview: {notice.State}", Target = notice.Url };
        var hash = HashOf(status.ToString());
        if (before.Status != hash)
        {
            await host.SetStatusAsync(address.Repository, address.Number, status, limit);
            await memory.ChangeAsync(address.Key, kept => kept with { Status = hash }, cancellationToken);
        }
    }

    private async Task<string?> TryAsync(PullRequestAddress address, Func<CancellationToken, Task> tell, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            await tell(limit);
            return null;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var reason = $"{address.Server} did not answer within {pace.Telling}.";
            LogUntold(address.Key, reason);
            return reason;
        }
        catch (GitHostException e)
        {
            LogUntold(address.Key, e.Message);
            return e.Message;
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    [LoggerMessage(6001, LogLevel.Warning, "The pull request {PullRequest} could not be told of its preview, which goes on: {Reason}")]
    private partial void LogUntold(string pullRequest, string reason);
}
