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
}
