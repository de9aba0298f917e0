using System.Text.Json;
using Ebb.Storage;
using Ebb.Worker.Timers;

namespace Ebb.Worker.Tests.Timers;

/// <summary>What becomes of occurrences that were due while no process was up.</summary>
public sealed class CatchUpTests
{
    private const string Hourly = "0 0 * * * *";

    [Fact]
    public async Task Start_All_RunsEachMissedOccurrenceOldestFirst()
    {
        await using var bench = await DownUntilAsync(TimerBench.All(Hourly, 10), "2026-01-01T05:30:00Z");
        await bench.StartAsync(TimerBench.All(Hourly, 10));

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00", "01 03:00:00", "01 04:00:00", "01 05:00:00"]);
        for (var hour = 1; hour <= 5; hour++)
        {
            var message = (await bench.TakeAsync())!;
            (await bench.TakeAsync()).ShouldBeNull("one at a time");
            using var info = JsonDocument.Parse(message.Body);
            info.RootElement.GetProperty("occurrence").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse($"2026-01-01T0{hour}:00:00Z"));
            info.RootElement.GetProperty("isPastDue").GetBoolean().ShouldBeTrue();
            await bench.Storage.Queues.SettleAsync(message, new Settlement.Succeeded(null), CancellationToken.None);
        }

        await bench.PassUntilAsync("2026-01-01T06:00:00Z");
        (await bench.OccurrencesAsync())[^1].ShouldBe("01 06:00:00");
        (await bench.TakeAsync())!.Body.ShouldContain("\"isPastDue\":false");
    }

    [Fact]
    public async Task Start_AllWithLimit_RunsTheNewestOfThem()
    {
        await using var bench = await DownUntilAsync(TimerBench.All(Hourly, 3), "2026-01-02T05:30:00Z");
        await bench.StartAsync(TimerBench.All(Hourly, 3));

        (await bench.OccurrencesAsync()).ShouldBe(["02 03:00:00", "02 04:00:00", "02 05:00:00"]);
        (await bench.DrainAsync()).ShouldBe(3);
        (await bench.RunsAsync()).ShouldAllBe(run => run.State == RunState.Succeeded);
    }

    [Fact]
    public async Task Start_AllOfADuration_KeepsItsStep()
    {
        await using var bench = await DownUntilAsync(TimerBench.All("00:25:00", 2), "2026-01-01T02:00:00Z");
        await bench.StartAsync(TimerBench.All("00:25:00", 2));
        (await bench.DrainAsync()).ShouldBe(2);
        await bench.PassUntilAsync("2026-01-01T02:16:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:25:00", "01 01:50:00", "01 02:15:00"]);
    }

    [Fact]
    public async Task Start_AllInSeveralProcessesAtOnce_RunsEachOnce()
    {
        await using var bench = await DownUntilAsync(TimerBench.All(Hourly, 50), "2026-01-02T12:30:00Z");
        await bench.StartTogetherAsync(TimerBench.All(Hourly, 50), 5);

        var expected = Enumerable.Range(1, 36).Select(hour => $"0{1 + hour / 24} {hour % 24:00}:00:00");
        (await bench.OccurrencesAsync()).ShouldBe(expected);
        (await bench.DrainAsync()).ShouldBe(36);
    }

    [Fact]
    public async Task Start_AllAndTheStoreFailsInTheMiddle_RunsEachOnceInOrder()
    {
        await using var bench = await DownUntilAsync(TimerBench.All(Hourly, 10), "2026-01-01T06:30:00Z");
        var dying = await bench.StartAsync(TimerBench.All(Hourly, 10), new FaultyStorage(bench.Storage) { ClaimsLeft = 2 });
        (await bench.OccurrencesAsync()).Count.ShouldBe(2);
        await bench.StopAsync(dying);
        await bench.ReopenStorageAsync();
        await bench.StartAsync(TimerBench.All(Hourly, 10));

        (await bench.OccurrencesAsync()).ShouldBe(Enumerable.Range(1, 6).Select(hour => $"01 0{hour}:00:00"));
        (await bench.DrainAsync()).ShouldBe(6);
    }

    [Fact]
    public async Task Run_AllSlowerThanItsTimer_EveryOccurrenceWaitsItsTurn()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.All(Hourly, 10));
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");
        var running = (await bench.TakeAsync())!;
        await bench.PassUntilAsync("2026-01-01T04:30:00Z");
        await bench.Storage.Queues.SettleAsync(running, new Settlement.Succeeded(null), CancellationToken.None);

        (await bench.DrainAsync()).ShouldBe(3);
        (await bench.RunsAsync()).ShouldAllBe(run => run.State == RunState.Succeeded);
    }

    [Fact]
    public async Task Run_AllAndNobodyTakesTheRuns_OnlyTheLimitWaitsAndTheNewestFollow()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.All(Hourly, 2));
        await bench.PassUntilAsync("2026-01-01T08:30:00Z");
        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00"]);

        (await bench.DrainAsync()).ShouldBe(2);
        await bench.PassUntilAsync("2026-01-01T08:30:10Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00", "01 07:00:00", "01 08:00:00"]);
    }

    [Fact]
    public async Task Start_AllAndRunOnStartup_EndsNoneOfThoseThatWait()
    {
        await using var bench = await DownUntilAsync(TimerBench.All(Hourly, 10), "2026-01-01T02:30:00Z");
        var first = await bench.StartAsync(TimerBench.All(Hourly, 10));
        await bench.StopAsync(first);
        await bench.StartAsync(TimerBench.All(Hourly, 10, runOnStartup: true));

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00", "extra"]);
        (await bench.DrainAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Start_None_RunsNothingThatWasMissed()
    {
        var none = TimerBench.Timer(Hourly) with { CatchUp = CatchUp.None };
        await using var bench = await DownUntilAsync(none, "2026-01-01T05:30:00Z");
        await bench.StartAsync(none);
        (await bench.OccurrencesAsync()).ShouldBeEmpty();

        await bench.PassUntilAsync("2026-01-01T06:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 06:00:00"]);
    }

    [Theory]
    [InlineData(CatchUp.None)]
    [InlineData(CatchUp.Last)]
    [InlineData(CatchUp.All)]
    public async Task Start_ALittleAfterTheOccurrence_RunsItOnTime(CatchUp policy)
    {
        var timer = TimerBench.Timer(Hourly) with { CatchUp = policy };
        await using var bench = await DownUntilAsync(timer, "2026-01-01T01:00:25Z");
        await bench.StartTogetherAsync(timer, 2);

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
        (await bench.TakeAsync())!.Body.ShouldContain("\"isPastDue\":false");
    }

    [Fact]
    public async Task Start_ALittleBeforeTheOccurrence_WaitsForIt()
    {
        await using var bench = await DownUntilAsync(TimerBench.Timer(Hourly), "2026-01-01T00:59:40Z");
        await bench.StartTogetherAsync(TimerBench.Timer(Hourly), 2);
        await bench.PassUntilAsync("2026-01-01T00:59:59.9Z");
        (await bench.OccurrencesAsync()).ShouldBeEmpty();

        await bench.PassUntilAsync("2026-01-01T01:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
    }

    [Fact]
    public async Task Run_OneClockAMinuteAhead_RunsEachOccurrenceOnce()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 */2 * * * *"));
        await bench.StartAsync(TimerBench.Timer("0 */2 * * * *"), ahead: TimeSpan.FromMinutes(1));

        for (var minute = 11; minute <= 31; minute += 2)
        {
            await bench.PassUntilAsync($"2026-01-01T00:{minute}:30Z");
            await bench.DrainAsync();
        }

        (await bench.OccurrencesAsync()).ShouldBe(Enumerable.Range(6, 11).Select(pair => $"01 00:{pair * 2}:00"));
        (await bench.RunsAsync()).ShouldAllBe(run => run.State == RunState.Succeeded);
    }

    [Fact]
    public async Task Start_NewTimer_StoresItsNextOccurrenceAndScheduleAtOnce()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var timer = TimerBench.Timer(Hourly, "Europe/Berlin");
        await bench.StartAsync(timer);

        var state = (await bench.Storage.Schedules.GetAsync("Chore", CancellationToken.None)).ShouldNotBeNull();
        state.Next.ShouldBe(DateTimeOffset.Parse("2026-01-01T01:00:00Z"));
        state.Schedule.ShouldBe(timer.Schedule.In(timer.Zone));
    }

    [Fact]
    public async Task Run_FarFromTheOccurrence_AsksTheStoreEveryFewMinutes()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var counting = new FaultyStorage(bench.Storage);
        await bench.StartAsync(TimerBench.Timer("0 0 12 * * *"), counting);

        await bench.PassUntilAsync("2026-01-01T10:10:00Z");

        counting.Reads.ShouldBeInRange(100, 205, "ten hours, a read every three to five minutes");
    }

    private static async Task<TimerBench> DownUntilAsync(ScheduledTimer timer, string moment)
    {
        var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var first = await bench.StartAsync(timer);
        await bench.StopAsync(first);
        await bench.PassUntilAsync(moment);
        return bench;
    }
}
