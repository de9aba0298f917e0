using Ebb.ObjectStore;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>Where one cluster's snapshots are: a store, and what their keys begin with.</summary>
/// <param name="Store">The store.</param>
/// <param name="KeyPrefix">Empty, or ends with a slash.</param>
/// <param name="Cluster">The cluster's name, with which every snapshot's name begins.</param>
public sealed record SnapshotPlace(IObjectStore Store, string KeyPrefix, string Cluster)
{
    /// <summary>Where another program left snapshots of the same cluster; null: nowhere else. They are read and pruned, and none is stored there.</summary>
    public SnapshotPlace? Other { get; init; }

    /// <summary>This one and the other.</summary>
    public IEnumerable<SnapshotPlace> All => Other is null ? [this] : [this, Other];

    /// <summary>What the keys of all snapshots and sidecars begin with.</summary>
    public string Beginning => $"{KeyPrefix}{Cluster}-";

    /// <summary>A snapshot's key.</summary>
    public ObjectKey KeyOf(SnapshotName name) => ObjectKey.Parse(KeyPrefix + name);

    /// <summary>The key of its sidecar.</summary>
    public ObjectKey SidecarOf(SnapshotName name) => KeyOf(name).Append(Sidecar.Extension);
}
