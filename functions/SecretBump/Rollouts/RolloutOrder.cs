using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Rollouts;

/// <summary>A version to bring to its workloads.</summary>
internal sealed record RolloutOrder
{
    /// <summary>Whose version.</summary>
    public required SecretPlace Place { get; init; }

    /// <summary>The namespace of the workloads.</summary>
    public required string Namespace { get; init; }

    /// <summary>The version; its time becomes <c>restartedAt</c>, so that a repetition restarts nothing.</summary>
    public required StoredVersion Version { get; init; }

    /// <summary>The tag in it.</summary>
    public required string Tag { get; init; }

    /// <summary>The run that brings it.</summary>
    public required ChangeRun Run { get; init; }

    /// <summary>Whether more than the tag may be new in it, so that a Secret that holds the tag may hold another version.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What was in the cluster before the version was brought there: what differs from it is restarted.</summary>
    public required ClusterBefore Before { get; init; }
}
