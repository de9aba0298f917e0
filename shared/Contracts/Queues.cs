using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts;

/// <summary>The names of the queues that carry messages between apps.</summary>
public static class Queues
{
    /// <summary>Requests to mirror images; each message is a <see cref="MirrorRequest"/>.</summary>
    public const string ImageMirror = "image-mirror";

    /// <summary>Requests for a snapshot of etcd; each message is a <see cref="Etcd.SnapshotRequest"/>.</summary>
    public const string EtcdSnapshots = "etcd-snapshots";

    /// <summary>Requests to prune the snapshots of etcd; each message is a <see cref="Etcd.PruneRequest"/>.</summary>
    public const string EtcdPrune = "etcd-prune";

    /// <summary>Requests to try out a stored snapshot of etcd; each message is a <see cref="Etcd.DrillRequest"/>.</summary>
    public const string EtcdDrills = "etcd-drills";
    /// <summary>What happened to pull requests; each message is a <see cref="PullRequestEvent"/>, its sequence key <see cref="PullRequestEvent.Key"/>.</summary>
    public const string PullRequests = "pull-requests";

    /// <summary>Previews asked for, or asked to be removed, apart from webhooks; each message is a <see cref="PreviewRequest"/>.</summary>
    public const string Previews = "previews";

    /// <summary>
    /// Changes of applications' secrets; each message is a <see cref="Secrets.SecretChange"/>. One queue, so that the changes of an
    /// application are made in the order they were accepted.
    /// </summary>
    public const string SecretChanges = "secret-changes";

    /// <summary>Requests to look at the store again; each message is a <see cref="Secrets.AppsRefresh"/>.</summary>
    public const string SecretRefresh = "secret-refresh";
}
