using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Retention;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Tests.Retention;

public sealed class RetentionPlanTests
{
    private static readonly KeepOptions Keep = new();

    private static readonly DateTimeOffset End = new(2026, 6, 17, 2, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Now = End.AddHours(4);

    [Fact]
    public void Of_OneEachNight_KeepsSevenDaysFourWeeksTwelveMonths()
    {
        var plan = Plan(Nightly(500));

        // A Wednesday: seven days; the Sundays of the three weeks before this one, of which the 14th is among the days; the last of eleven months before.
        plan.Kept.Select(snapshot => snapshot.Name.Time.ToString("MM-dd", null)).ShouldBe(
        [
            "06-17", "06-16", "06-15", "06-14", "06-13", "06-12", "06-11", "06-07", "05-31",
            "04-30", "03-31", "02-28", "01-31", "12-31", "11-30", "10-31", "09-30", "08-31", "07-31",
        ]);
        plan.Deleted.Count.ShouldBe(500 - 19);
    }

    [Fact]
    public void Of_SeveralOnOneDay_KeepsTheNewestOfThem()
    {
        var plan = Plan([Snapshot(End.AddHours(3)), Snapshot(End.AddHours(2)), Snapshot(End)]);

        plan.Kept.ShouldHaveSingleItem().Name.Time.ShouldBe(End.AddHours(3));
    }

    [Fact]
    public void Of_NightsMissing_CountsDaysThatHaveABackup()
    {
        var plan = Plan([.. Enumerable.Range(0, 7).Select(i => Snapshot(End.AddDays(-100 * i)))]);

        plan.Deleted.ShouldBeEmpty();
    }

    [Fact]
    public void Of_UnverifiedOnes_TakeNobodysPlace()
    {
        StoredSnapshot[] snapshots = [.. Enumerable.Range(0, 10).Select(i => Snapshot(End.AddDays(-i), SnapshotState.Unverified)), .. Enumerable.Range(10, 7).Select(i => Snapshot(End.AddDays(-i)))];

        var plan = Plan(snapshots);

        plan.Kept.Count(snapshot => snapshot.State == SnapshotState.Verified).ShouldBe(7);
        plan.Deleted.ShouldAllBe(snapshot => snapshot.State == SnapshotState.Unverified);
        plan.Deleted.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(SnapshotState.Unverified)]
    [InlineData(SnapshotState.Damaged)]
    public void Of_NoVerifiedOne_DeletesNothing(SnapshotState state) =>
        Plan([.. Enumerable.Range(0, 400).Select(i => Snapshot(End.AddDays(-i), state))]).Deleted.ShouldBeEmpty();

    [Fact]
    public void Of_NewestVerifiedBehindManyBadOnes_Stays()
    {
        StoredSnapshot[] snapshots = [.. Enumerable.Range(0, 300).Select(i => Snapshot(End.AddDays(-i), SnapshotState.Damaged)), Snapshot(End.AddDays(-300))];

        Plan(snapshots).Kept.ShouldContain(snapshot => snapshot.State == SnapshotState.Verified);
    }

    [Fact]
    public void Of_ThoseDatedInTheFuture_StayAndTakeNobodysPlace()
    {
        StoredSnapshot[] ahead = [.. Enumerable.Range(1, 400).Select(i => Snapshot(End.AddDays(i))).Reverse()];

        var plan = Plan([.. ahead, .. Nightly(500)]);

        plan.Kept.Take(400).ShouldBe(ahead);
        plan.Kept.Skip(400).Select(snapshot => snapshot.Name).ShouldBe(Plan(Nightly(500)).Kept.Select(snapshot => snapshot.Name));
    }

    // A clock that went back to its beginning makes all of them dates to come.
    [Fact]
    public void Of_OneTakenUnderAClockThatWentBack_CostsNoOther() =>
        RetentionPlan.Of([.. Nightly(100), Snapshot(DateTimeOffset.UnixEpoch)], Keep, DateTimeOffset.UnixEpoch.AddMinutes(10), DateTimeOffset.MaxValue).Deleted.ShouldBeEmpty();

    [Fact]
    public void Of_UnderObjectLock_Stays()
    {
        var plan = RetentionPlan.Of([.. Nightly(60)], Keep, Now, End.AddDays(-30));

        plan.Kept.Count(snapshot => snapshot.Name.Time >= End.AddDays(-30)).ShouldBe(31);
    }

    [Fact]
    public void Of_AnyHistory_KeepsTheNewestVerifiedAndLosesNoneAndIsStable()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var keep = new KeepOptions { Daily = random.Next(1, 9), Weekly = random.Next(0, 6), Monthly = random.Next(0, 14) };
            StoredSnapshot[] snapshots = [.. Enumerable.Range(0, random.Next(0, 80))
                .Select(_ => Snapshot(End.AddMinutes(-random.Next(0, 600 * 24 * 60)), (SnapshotState)random.Next(3)))
                .DistinctBy(snapshot => snapshot.Name.Text)
                .OrderByDescending(snapshot => snapshot.Name.Time)];

            var plan = RetentionPlan.Of(snapshots, keep, Now, DateTimeOffset.MaxValue);

            plan.Kept.Concat(plan.Deleted).ShouldBe(snapshots, ignoreOrder: true);
            if (snapshots.FirstOrDefault(snapshot => snapshot.State == SnapshotState.Verified) is { } newest)
            {
                plan.Kept.ShouldContain(newest, $"seed {seed}");
            }
            else
            {
                plan.Deleted.ShouldBeEmpty($"seed {seed}");
            }

            RetentionPlan.Of(plan.Kept, keep, Now, DateTimeOffset.MaxValue).Deleted.Where(snapshot => snapshot.State == SnapshotState.Verified).ShouldBeEmpty($"seed {seed}");
        }
    }

    private static IEnumerable<StoredSnapshot> Nightly(int count) => Enumerable.Range(0, count).Select(i => Snapshot(End.AddDays(-i)));

    private static RetentionPlan Plan(IEnumerable<StoredSnapshot> snapshots) => RetentionPlan.Of([.. snapshots], Keep, Now, DateTimeOffset.MaxValue);

    private static StoredSnapshot Snapshot(DateTimeOffset time, SnapshotState state = SnapshotState.Verified)
    {
        var name = SnapshotName.Create("prod", time, compressed: false, encrypted: true);
        return new StoredSnapshot { Name = name, Place = new SnapshotPlace(null!, "", "prod"), Key = name.Text, Bytes = 1, State = state };
    }
}
