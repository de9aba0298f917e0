using System.Globalization;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Retention;

/// <summary>
/// Decides what is kept. Only verified snapshots count: of each of the newest days, weeks and months (in UTC) that have one, the newest is kept.
/// Unverified ones, such as another tool's, take nobody's place: each is kept as if it counted, and goes when it would go even then.
/// Those that are dated ahead of the clock take nobody's place either, and stay until their time has come: one that is named by a wrong clock must
/// not cost a good one. Without any verified snapshot nothing goes at all.
/// </summary>
internal sealed class RetentionPlan
{
    private RetentionPlan(IReadOnlyList<StoredSnapshot> kept, IReadOnlyList<StoredSnapshot> deleted) => (Kept, Deleted) = (kept, deleted);

    /// <summary>What stays, newest first.</summary>
    public IReadOnlyList<StoredSnapshot> Kept { get; }

    /// <summary>What goes, newest first.</summary>
    public IReadOnlyList<StoredSnapshot> Deleted { get; }

    /// <param name="snapshots">All of them, newest first.</param>
    /// <param name="keep">The policy.</param>
    /// <param name="now">The clock.</param>
    /// <param name="lockedSince">What was taken then or later is under Object Lock: it cannot go.</param>
    public static RetentionPlan Of(IReadOnlyList<StoredSnapshot> snapshots, KeepOptions keep, DateTimeOffset now, DateTimeOffset lockedSince)
    {
        var dated = snapshots.Where(snapshot => !snapshot.Name.IsAheadOf(now)).ToList();
        var verified = dated.Where(snapshot => snapshot.State == SnapshotState.Verified).ToList();
        if (verified.Count == 0)
        {
            return new RetentionPlan(snapshots, []);
        }

        var stays = Chosen(verified, keep);
        stays.UnionWith(snapshots.Except(dated));
        stays.UnionWith(Chosen(dated, keep).Where(snapshot => snapshot.State != SnapshotState.Verified));
        stays.UnionWith(snapshots.Where(snapshot => snapshot.Name.Time >= lockedSince));
        stays.Add(verified[0]);
        return new RetentionPlan([.. snapshots.Where(stays.Contains)], [.. snapshots.Where(snapshot => !stays.Contains(snapshot))]);
    }

    private static HashSet<StoredSnapshot> Chosen(IReadOnlyList<StoredSnapshot> newestFirst, KeepOptions keep) =>
    [
        .. NewestOfEach(newestFirst, keep.Daily, time => time.Date),
        .. NewestOfEach(newestFirst, keep.Weekly, time => ISOWeek.ToDateTime(ISOWeek.GetYear(time), ISOWeek.GetWeekOfYear(time), DayOfWeek.Monday)),
        .. NewestOfEach(newestFirst, keep.Monthly, time => new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc)),
    ];

    private static IEnumerable<StoredSnapshot> NewestOfEach(IReadOnlyList<StoredSnapshot> newestFirst, int periods, Func<DateTime, DateTime> periodOf) =>
        newestFirst.DistinctBy(snapshot => periodOf(snapshot.Name.Time.UtcDateTime)).Take(periods);
}
