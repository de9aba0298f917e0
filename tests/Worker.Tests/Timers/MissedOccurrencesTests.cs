using Ebb.Worker.Timers;

namespace Ebb.Worker.Tests.Timers;

public sealed class MissedOccurrencesTests
{
    [Theory]
    [InlineData("0 0 * * * *", "UTC")]
    [InlineData("0 */7 8-10 * * 1-5", "Europe/Berlin")]
    [InlineData("0 30 2 * * *", "Europe/Berlin")]
    [InlineData("0 0 0 1 1 *", "America/New_York")]
    [InlineData("0 * 3 1 1 *", "UTC")]
    [InlineData("01:37:00", "UTC")]
    public void Newest_AnySchedule_IsWhatCountingThroughGives(string schedule, string zone)
    {
        var timer = TimerBench.Timer(schedule, zone);
        var first = timer.Next(DateTimeOffset.Parse("2025-02-11T04:05:06.7Z"));
        foreach (var now in new[] { first, first.AddSeconds(1), first.AddDays(3.3), first.AddDays(400), DateTimeOffset.Parse("2026-10-25T00:45:10Z") })
        {
            var all = new List<DateTimeOffset>();
            for (var next = first; next <= now; next = timer.Next(next))
            {
                all.Add(next);
            }

            foreach (var limit in new[] { 1, 2, 17, 1000 })
            {
                MissedOccurrences.Newest(timer, first, now, limit).ShouldBe(all.TakeLast(limit), $"{schedule} until {now:u}, {limit}");
            }
        }
    }

    [Fact]
    public void Newest_AfterManyYears_LooksBackNoFurtherThanItMust()
    {
        var timer = TimerBench.Timer("0 * * * * *");
        var first = DateTimeOffset.Parse("1026-01-01T00:00:00Z");

        MissedOccurrences.Newest(timer, first, DateTimeOffset.Parse("2026-01-01T00:00:30Z"), 2)
            .ShouldBe([DateTimeOffset.Parse("2025-12-31T23:59:00Z"), DateTimeOffset.Parse("2026-01-01T00:00:00Z")]);
    }
}
