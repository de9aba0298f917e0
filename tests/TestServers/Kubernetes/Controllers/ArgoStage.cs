namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>How far an Application gets.</summary>
public enum ArgoStage
{
    /// <summary>Nothing is looked at: the controller is busy.</summary>
    Waiting,

    /// <summary>Compared and out of sync.</summary>
    Compared,

    /// <summary>An operation runs and does not end.</summary>
    Syncing,

    /// <summary>Synced; the health is Progressing.</summary>
    Progressing,

    /// <summary>Synced and Healthy.</summary>
    Healthy,

    /// <summary>Synced and Degraded.</summary>
    Degraded,

    /// <summary>
    /// What is rendered is what runs already: Synced and Healthy, and nothing is synced, so the last operation stays one of an older source, or none
    /// (autoSync, "Skipping auto-sync: application status is Synced").
    /// </summary>
    Unchanged,

    /// <summary>The sources cannot be rendered: ComparisonError.</summary>
    ComparisonError,

    /// <summary>The operation failed.</summary>
    SyncFailed,

    /// <summary>The operation failed and is tried again later; meanwhile its phase stays Running.</summary>
    Retrying,

    /// <summary>An operation that failed is being tried again: nothing is said of the failure until it has failed again.</summary>
    TryingAgain,
}
