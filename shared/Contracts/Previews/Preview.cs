using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts.Previews;

/// <summary>What is known of one preview: the worker writes it as a document, the door shows it.</summary>
public sealed record Preview
{
    /// <summary>What the documents' keys begin with; the preview's name follows.</summary>
    public const string KeyPrefix = "previews/";

    /// <summary>The name of namespace, Application and release.</summary>
    public required string Name { get; init; }

    /// <summary>The application.</summary>
    public required AppName App { get; init; }

    /// <summary>The pull request's number.</summary>
    public required int Number { get; init; }

    /// <summary>The configured name of the Git host.</summary>
    public required string Server { get; init; }

    /// <summary>The host's product.</summary>
    public required GitHostKind Host { get; init; }

    /// <summary>The repository that claims the application and number.</summary>
    public required GitRepository Repository { get; init; }

    /// <summary>Where it is to be seen.</summary>
    public required Uri Url { get; init; }

    /// <summary>The commit it shows, or is to show.</summary>
    public required CommitSha HeadSha { get; init; }

    /// <summary>The state.</summary>
    public required PreviewState State { get; init; }

    /// <summary>Why it is in that state, for people; null when there is nothing to say.</summary>
    public string? Cause { get; init; }

    /// <summary>When it was first asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it got into its state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When its pull request last changed; its time to live counts from here.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>When its author was warned that it will be removed for want of activity.</summary>
    public DateTimeOffset? WarnedAt { get; init; }

    /// <summary>Why it was, or is being, removed.</summary>
    public RemovalReason? Removal { get; init; }

    /// <summary>Keys of the branch's values that were left out because a branch may not set them, one a line.</summary>
    public string? LeftOut { get; init; }

    /// <summary>What was, or is about to be, written for it; null: nothing.</summary>
    public WrittenObjects? Written { get; init; }

    /// <summary>What older documents hold in place of <see cref="Written"/>; read, and never written.</summary>
    public string? Applied { get; init; }

    /// <summary>The key of its document.</summary>
    /// <param name="name">The preview's name.</param>
    public static string KeyOf(PreviewName name) => KeyPrefix + name.Value;
}
