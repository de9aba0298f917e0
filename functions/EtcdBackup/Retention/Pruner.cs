using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Snapshots;
using Ebb.ObjectStore;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup.Retention;

/// <summary>Deletes what retention does not keep: the snapshot first, then its sidecar, so that what is half deleted is not listed at all.</summary>
internal sealed partial class Pruner(EtcdBackupOptions options, TimeProvider time, ILogger<Pruner> logger)
{
    /// <summary>Deletes. What the store does not let go (Object Lock, rights) is reported, and the others are deleted all the same.</summary>
    /// <returns>What was done, and what is there now.</returns>
    public async Task<(PruneReport Report, SnapshotListing Left)> PruneAsync(SnapshotListing listing, bool dryRun, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lockedSince = options.Lock is { } locked ? now.AddDays(-locked.Days) : DateTimeOffset.MaxValue;
        var plan = RetentionPlan.Of(listing.Snapshots, options.Keep, now, lockedSince);
        var failed = new List<string>();
        var deleted = dryRun ? plan.Deleted : await DeleteAsync(plan.Deleted, failed, cancellationToken);
        if (!dryRun)
        {
            await DeleteLoneSidecarsAsync(listing.LoneSidecars, failed, cancellationToken);
        }

        var left = dryRun ? listing : new SnapshotListing([.. listing.Snapshots.Except(deleted)], []);
        return (new PruneReport
        {
            DryRun = dryRun,
            Kept = plan.Kept.Count,
            KeptVerified = plan.Kept.Count(snapshot => snapshot.State == SnapshotState.Verified),
            Deleted = [.. deleted.Select(snapshot => snapshot.Name.Text)],
            Failed = failed,
        }, left);
    }

    private async Task<IReadOnlyList<StoredSnapshot>> DeleteAsync(
        IReadOnlyList<StoredSnapshot> snapshots, List<string> failed, CancellationToken cancellationToken)
    {
        var deleted = new List<StoredSnapshot>();
        foreach (var snapshot in snapshots)
        {
            try
            {
                await snapshot.Place.Store.DeleteAsync(snapshot.Place.KeyOf(snapshot.Name), cancellationToken);
                deleted.Add(snapshot);
                LogDeleted(snapshot.Name.Text);
                await snapshot.Place.Store.DeleteAsync(snapshot.Place.SidecarOf(snapshot.Name), cancellationToken);
            }
            catch (ObjectStoreException e)
            {
                failed.Add($"{snapshot.Name}: {e.Message}");
            }
        }

        return deleted;
    }

    private static async Task DeleteLoneSidecarsAsync(IReadOnlyList<LoneSidecar> sidecars, List<string> failed, CancellationToken cancellationToken)
    {
        foreach (var sidecar in sidecars)
        {
            try
            {
                await sidecar.Place.Store.DeleteAsync(sidecar.Key, cancellationToken);
            }
            catch (ObjectStoreException e)
            {
                failed.Add($"{sidecar.Key}: {e.Message}");
            }
        }
    }

    [LoggerMessage(4010, LogLevel.Information, "Deleted {Name}: retention does not keep it")]
    private partial void LogDeleted(string name);
}
