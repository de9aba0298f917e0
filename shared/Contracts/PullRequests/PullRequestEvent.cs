using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>
/// What a webhook said about a pull request, in one form for all hosts. A hint: where the worker can ask the host, the host's answer
/// counts. Every string in it was chosen by whoever opened the pull request.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PullRequestEvent
{
    /// <summary>The product the host runs.</summary>
    public required GitHostKind Host { get; init; }

    /// <summary>The configured name of the host: its section in <c>Git:Hosts</c>, where API address and credentials are.</summary>
    public required string Server { get; init; }

    /// <summary>The configured name of the hook it came through.</summary>
    public required string Hook { get; init; }

    /// <summary>What the host calls this delivery; the same when it is delivered again.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>When the door got it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What happened.</summary>
    public required PullRequestAction Action { get; init; }

    /// <summary>The state it has now; decides over <see cref="Action"/>.</summary>
    public required PullRequestState State { get; init; }

    /// <summary>The number people know, from 1; unique in its repository.</summary>
    public required int Number { get; init; }

    /// <summary>The title; cut to 300 characters.</summary>
    public required string Title { get; init; }

    /// <summary>
    /// Who opened it: the login, or what the host sends in its place (Bitbucket Cloud's account id, GitLab's numeric user id where the
    /// author did not do this himself).
    /// </summary>
    public required string Author { get; init; }

    /// <summary>The source branch without <c>refs/heads/</c>.</summary>
    public required string SourceBranch { get; init; }

    /// <summary>The target branch without <c>refs/heads/</c>.</summary>
    public required string TargetBranch { get; init; }

    /// <summary>
    /// The source branch's newest commit; may be short. Null where the host does not say (a GitLab merge request without commits, Azure
    /// DevOps before it tried the merge).
    /// </summary>
    public CommitSha? HeadSha { get; init; }

    /// <summary>True when the source is another repository, or one that is gone.</summary>
    public required bool IsFork { get; init; }

    /// <summary>True for a draft.</summary>
    public bool IsDraft { get; init; }

    /// <summary>The names of its labels; none at hosts that have no labels (both Bitbuckets).</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>
    /// The labels that this event set on <see cref="HeadSha"/>. Null where it set none, and where the host does not say which ones an event set
    /// (Gitea, Forgejo).
    /// </summary>
    public IReadOnlyList<string>? LabelsAdded { get; init; }

    /// <summary>The repository it is to be merged into.</summary>
    public required GitRepository Repository { get; init; }

    /// <summary>That repository's address for cloning over HTTP, without credentials; null where the host does not send one.</summary>
    public Uri? CloneUrl { get; init; }

    /// <summary>When the host says that the pull request last changed; null where it does not say.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Names the pull request for good: the server, the repository's id and the number. The sequence key of its messages.</summary>
    [JsonIgnore]
    public string Key => $"{Server}/{Repository.Id}/{Number}";
}
