namespace Ebb.Kubernetes;

/// <summary>An object after it was applied.</summary>
/// <param name="Item">The object.</param>
/// <param name="Outcome">What the server did.</param>
public sealed record ApplyResult(KubernetesObject Item, ApplyOutcome Outcome)
{
    /// <summary>Whether anything was written.</summary>
    public bool Changed => Outcome != ApplyOutcome.Unchanged;
}

/// <summary>What an apply did.</summary>
public enum ApplyOutcome
{
    /// <summary>The object was as it should be; nothing was written.</summary>
    Unchanged,

    /// <summary>The object was not there.</summary>
    Created,

    /// <summary>The object was changed (or somebody else changed it at the same moment).</summary>
    Updated,
}
