using System.Text.Json;
using Ebb.Worker.Json;
using Ebb.Worker.Timers;

namespace Ebb.Worker.Tests.Timers;

public sealed class TimerRunTests
{
    // As it lies in stores: what a version before wrote is run by this one.
    private const string Stored =
        """{"scheduleStatus":{"last":"2026-01-01T01:00:00+02:00","next":"2026-01-01T03:00:00+00:00","lastUpdated":"2026-01-01T02:00:01+00:00"},"occurrence":"2026-01-01T02:00:00+00:00","isPastDue":true}""";

    [Fact]
    public void ToInfo_StoredRun_TellsItsTimesInUtc()
    {
        var run = JsonSerializer.Deserialize(Stored, WorkerJson.Default.TimerRun)!;

        var info = run.ToInfo();

        run.Occurrence.ShouldBe(new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero));
        info.IsPastDue.ShouldBeTrue();
        (info.ScheduleStatus!.Last, info.ScheduleStatus.Last.Kind).ShouldBe((new DateTime(2025, 12, 31, 23, 0, 0, DateTimeKind.Utc), DateTimeKind.Utc));
        info.ScheduleStatus.Next.ShouldBe(new DateTime(2026, 1, 1, 3, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void ToInfo_TimerThatNeverRan_HasTheFirstMomentAsItsLast() =>
        new TimerRun { ScheduleStatus = new TimerRunStatus { Next = DateTimeOffset.UnixEpoch } }.ToInfo().ScheduleStatus!.Last.ShouldBe(DateTime.MinValue);

    [Fact]
    public void ToInfo_RunThatAPersonAskedFor_HasNoStatus() => new TimerRun().ToInfo().ScheduleStatus.ShouldBeNull();
}
