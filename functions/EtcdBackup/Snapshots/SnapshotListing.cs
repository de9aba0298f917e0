namespace Ebb.EtcdBackup.Snapshots;

/// <summary>What a store holds of one cluster.</summary>
/// <param name="Snapshots">The snapshots, newest first.</param>
/// <param name="LoneSidecars">Keys of sidecars whose snapshot is gone: a run ended while it deleted the two.</param>
public sealed record SnapshotListing(IReadOnlyList<StoredSnapshot> Snapshots, IReadOnlyList<string> LoneSidecars)
{
    /// <summary>The snapshots that can be relied on, newest first.</summary>
    public IEnumerable<StoredSnapshot> Verified => Snapshots.Where(snapshot => snapshot.State == SnapshotState.Verified);
}
