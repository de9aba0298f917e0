using Ebb.ObjectStore;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>What a store holds of one cluster.</summary>
/// <param name="Snapshots">The snapshots, newest first.</param>
/// <param name="LoneSidecars">Sidecars whose snapshot is gone: a run ended while it deleted the two.</param>
public sealed record SnapshotListing(IReadOnlyList<StoredSnapshot> Snapshots, IReadOnlyList<LoneSidecar> LoneSidecars)
{
    /// <summary>The snapshots that can be relied on, newest first.</summary>
    public IEnumerable<StoredSnapshot> Verified => Snapshots.Where(snapshot => snapshot.State == SnapshotState.Verified);

    /// <summary>The newest snapshot; one that is dated ahead of the clock only where there is no other.</summary>
    public StoredSnapshot? Newest(DateTimeOffset now) => Newest(Snapshots, now);

    /// <summary>The newest snapshot that can be relied on; one that is dated ahead of the clock only where there is no other.</summary>
    public StoredSnapshot? NewestVerified(DateTimeOffset now) => Newest(Verified, now);

    private static StoredSnapshot? Newest(IEnumerable<StoredSnapshot> newestFirst, DateTimeOffset now) =>
        newestFirst.FirstOrDefault(snapshot => !snapshot.Name.IsAheadOf(now)) ?? newestFirst.FirstOrDefault();
}

/// <summary>A sidecar without its snapshot.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Key">Its key.</param>
public sealed record LoneSidecar(SnapshotPlace Place, ObjectKey Key);
