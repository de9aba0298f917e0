namespace Ebb.Contracts.Previews;

/// <summary>What was written for a preview, so that nothing is written twice and nothing is left behind.</summary>
public sealed record WrittenObjects
{
    /// <summary>What its secret to pull with is a copy of; null where it is none.</summary>
    public PullSecretCopy? Copy { get; init; }

    /// <summary>The robot account that its secret to pull with is of; null where it is of none.</summary>
    public PullRobot? Robot { get; init; }
}

/// <summary>A version of the platform's secret, and where it was copied to.</summary>
/// <param name="NamespaceUid">The namespace with the copy.</param>
/// <param name="SourceUid">The secret.</param>
/// <param name="SourceVersion">Its version.</param>
public sealed record PullSecretCopy(string NamespaceUid, string SourceUid, string SourceVersion);

/// <summary>A robot account, and where its secret was written to.</summary>
/// <param name="NamespaceUid">The namespace with the secret.</param>
/// <param name="Project">The account's Harbor project.</param>
/// <param name="ExpiresAt">When Harbor no longer accepts it.</param>
public sealed record PullRobot(string NamespaceUid, string Project, DateTimeOffset ExpiresAt);
