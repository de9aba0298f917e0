namespace Ebb.Kubernetes;

/// <summary>A change that a watch saw.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Item">The object after it; for a deletion the last that is known of it.</param>
public sealed record WatchEvent(WatchEventType Type, KubernetesObject Item);

/// <summary>What happened to an object.</summary>
public enum WatchEventType
{
    /// <summary>It is there: at the beginning of a watch, or newly made.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}
