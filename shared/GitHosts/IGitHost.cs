using Ebb.Contracts.PullRequests;

namespace Ebb.GitHosts;

/// <summary>
/// What Ebb asks of a Git host. Every member throws <see cref="GitHostException"/> when it got no answer that can be relied on, so a
/// value that is returned was said by the host. Safe for concurrent use.
/// </summary>
public interface IGitHost
{
    /// <summary>The configured name: the section in <c>Git:Hosts</c>, and <see cref="PullRequestEvent.Server"/>.</summary>
    string Name { get; }

    /// <summary>The product.</summary>
    GitHostKind Kind { get; }

    /// <summary>
    /// Reads a pull request as it is now. "Closed" comes from the host's own word only: one that cannot be found or seen is
    /// <see cref="GitHostFault.NotFound"/>.
    /// </summary>
    Task<PullRequest> GetPullRequestAsync(GitRepository repository, int number, CancellationToken cancellationToken);

    /// <summary>The open pull requests of a repository, all pages, in the host's order. One that changes meanwhile may be missing or there twice.</summary>
    IAsyncEnumerable<PullRequest> ListOpenAsync(GitRepository repository, CancellationToken cancellationToken);

    /// <summary>The full name of a commit. A full one is returned as it is, unasked.</summary>
    Task<CommitSha> ResolveAsync(GitRepository repository, CommitSha commit, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a file at a commit; null when the commit has no such file (which, where it does, the repository was seen to be readable).
    /// </summary>
    /// <param name="repository">The repository that has the commit.</param>
    /// <param name="path">Relative, with <c>/</c>, without empty, <c>.</c> or <c>..</c> segments.</param>
    /// <param name="commit">A full name.</param>
    /// <param name="maxBytes">The longest file that is read; a longer one is <see cref="GitHostFault.TooLarge"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<byte[]?> ReadFileAsync(GitRepository repository, string path, CommitSha commit, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Makes our comment on a pull request say this: edits the one with the marker that our own account wrote, or writes it. Never touches
    /// a comment of somebody else, whatever it holds, and sends nothing when the text is there already.
    /// </summary>
    Task<CommentResult> WriteCommentAsync(GitRepository repository, int number, CommentText text, CancellationToken cancellationToken);

    /// <summary>Sets a status on a commit of a pull request; a later one with the same context replaces it.</summary>
    Task SetStatusAsync(GitRepository repository, int number, CommitStatus status, CancellationToken cancellationToken);
}
