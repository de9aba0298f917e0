using System.Net;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>What is the same at all hosts: our one comment, short names of commits, files that are not there.</summary>
internal abstract class GitHost(GitHostOptions options, HostTransport transport) : IGitHost
{
    /// <summary>Pages that are read at most; what has more pages than that is an answer that never ends.</summary>
    protected const int MaxPages = 100;

    private const int MaxAttempts = 4;
    private const int MaxErrorBytes = 64 * 1024;

    private string? _account = options.Account;

    public string Name => options.Name;

    public GitHostKind Kind => options.Kind;

    protected HostTransport Transport => transport;

    public abstract Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken);

    public abstract IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, CancellationToken cancellationToken);

    public abstract Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken);

    public Task<CommitSha> ResolveAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken) =>
        commit.IsFull ? Task.FromResult(commit) : FindCommitAsync(repository, commit, cancellationToken);

    public async Task<byte[]?> ReadFileAsync(GitRepository repository, string path, CommitSha commit, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        if (!commit.IsFull)
        {
            throw new ArgumentException("A file is read at a full commit.", nameof(commit));
        }

        // An error's own text may be longer than the file is allowed to be.
        var request = FileRequest(repository, Segments.Escape(path), commit) with { MaxBytes = Math.Max(maxBytes, MaxErrorBytes) };
        var reply = await Transport.SendAsync(request, HttpStatusCode.NotFound, cancellationToken);
        if (reply.Status != HttpStatusCode.NotFound)
        {
            return !IsFile(reply) ? null
                : reply.Body.Length <= maxBytes ? reply.Body
                : throw new GitHostException($"{path} of {repository.FullName} at {commit} has more than {maxBytes} bytes.", GitHostFault.TooLarge);
        }

        // A repository that may not be seen answers the same: only where the commit is seen is the file known to be missing.
        await FindCommitAsync(repository, commit, cancellationToken);
        return null;
    }

    public async Task<CommentResult> WriteCommentAsync(GitRepository repository, int number, CommentText text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var account = _account ??= await FindAccountAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var ours = await FindOursAsync(repository, number, text, account, cancellationToken);
            if (ours is not null && text.IsSaidBy(ours.Body))
            {
                return CommentResult.Unchanged;
            }

            try
            {
                await (ours is null
                    ? CreateCommentAsync(repository, number, text.Body, cancellationToken)
                    : EditCommentAsync(repository, number, ours, text.Body, cancellationToken));
                return ours is null ? CommentResult.Created : CommentResult.Edited;
            }
            catch (GitHostException exception) when (ours is not null && exception.Fault is GitHostFault.Conflict or GitHostFault.NotFound && attempt < MaxAttempts)
            {
                // Edited or deleted by somebody since it was read: look again.
            }
        }
    }

    /// <summary>Whether an answer with a file's content is one; a folder may be answered with success too.</summary>
    protected virtual bool IsFile(HostReply reply) => true;

    protected abstract HostRequest FileRequest(GitRepository repository, string path, CommitSha commit);

    /// <summary>Reads the full name of a commit from the host.</summary>
    protected abstract Task<CommitSha> FindCommitAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken);

    /// <summary>The name under which our own comments appear.</summary>
    protected abstract Task<string> FindAccountAsync(CancellationToken cancellationToken);

    protected abstract IAsyncEnumerable<OwnComment> ListCommentsAsync(GitRepository repository, int number, CancellationToken cancellationToken);

    protected abstract Task CreateCommentAsync(GitRepository repository, int number, string body, CancellationToken cancellationToken);

    protected abstract Task EditCommentAsync(GitRepository repository, int number, OwnComment comment, string body, CancellationToken cancellationToken);

    /// <summary>Checks that a host answered about the commit that was asked for.</summary>
    protected CommitSha Resolved(CommitSha asked, CommitSha? found) =>
        found is { IsFull: true } full && full.StartsWith(asked)
            ? full
            : throw new GitHostException($"{Transport.Description} answered with another commit than {asked}.", GitHostFault.Protocol);

    /// <summary>Goes through numbered pages, from 1, until one has no more behind it.</summary>
    protected async IAsyncEnumerable<Json> PagesAsync(
        Func<int, HostRequest> page, Func<Json, bool> hasMore, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1; number <= MaxPages; number++)
        {
            var answer = await Transport.ReadAsync(page(number), cancellationToken);
            yield return answer;
            if (!hasMore(answer))
            {
                yield break;
            }
        }

        throw new GitHostException($"{Transport.Description} has more than {MaxPages} pages for {page(1)}. The rest was not read.", GitHostFault.TooLarge);
    }

    private async Task<OwnComment?> FindOursAsync(GitRepository repository, int number, CommentText text, string account, CancellationToken cancellationToken)
    {
        await foreach (var comment in ListCommentsAsync(repository, number, cancellationToken))
        {
            if (text.IsIn(comment.Body) && comment.Authors.Contains(account, StringComparer.OrdinalIgnoreCase))
            {
                return comment;
            }
        }

        return null;
    }
}
