namespace Ebb.Kubernetes;

/// <summary>How an object is deleted (Kubernetes API v1.32, DeleteOptions v1 meta).</summary>
public sealed record DeleteOptions
{
    /// <summary>What happens to objects that it owns; null: the type's own default.</summary>
    public PropagationPolicy? Propagation { get; init; }

    /// <summary>Deletes only the object with this uid, never a later one of the same name.</summary>
    public string? Uid { get; init; }

    /// <summary>Deletes only this version of the object.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The time pods get to end, in whole seconds; null: what the object says.</summary>
    public TimeSpan? GracePeriod { get; init; }
}

/// <summary>What happens to objects that a deleted object owns (Kubernetes, Garbage Collection).</summary>
public enum PropagationPolicy
{
    /// <summary>The object goes at once, what it owns afterwards.</summary>
    Background,

    /// <summary>What it owns goes first; the object stays visible until then.</summary>
    Foreground,

    /// <summary>What it owns stays.</summary>
    Orphan,
}
