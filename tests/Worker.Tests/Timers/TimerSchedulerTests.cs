using System.Text.Json;
using Ebb.Storage;

namespace Ebb.Worker.Tests.Timers;

public sealed class TimerSchedulerTests
{
    [Fact]
    public async Task Run_MonitoredTimer_ClaimsEachOccurrenceOnTime()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));

        await bench.PassUntilAsync("2026-01-01T00:59:59Z");
        (await bench.OccurrencesAsync()).ShouldBeEmpty();
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");
        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
        await bench.DrainAsync();
        await bench.PassUntilAsync("2026-01-01T03:30:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00", "01 03:00:00"]);
    }

    [Fact]
    public async Task Run_Occurrence_IsAMessageWithTimerInfoAndKeys()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");
        await bench.DrainAsync();
        await bench.PassUntilAsync("2026-01-01T02:00:00Z");

        var run = (await bench.RunsAsync())[^1];
        var message = await bench.TakeAsync();

        run.Function.ShouldBe("Chore");
        run.Trigger.ShouldBe(TriggerKind.Timer);
        run.SequenceKey.ShouldBe("Chore");
        run.IdempotencyKey.ShouldBe("2026-01-01T02:00:00.0000000Z");
        using var info = JsonDocument.Parse(message!.Body);
        info.RootElement.GetProperty("isPastDue").GetBoolean().ShouldBeFalse();
        var status = info.RootElement.GetProperty("scheduleStatus");
        status.GetProperty("last").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse("2026-01-01T01:00:00Z"));
        status.GetProperty("next").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse("2026-01-01T03:00:00Z"));
    }

    [Fact]
    public async Task Run_Duration_KeepsItsStepAcrossARestart()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:00:00Z");
        var first = await bench.StartAsync(TimerBench.Timer("00:10:00"));
        await bench.PassUntilAsync("2026-01-01T00:14:00Z");
        await bench.DrainAsync();
        await bench.StopAsync(first);
        await bench.ReopenStorageAsync();
        await bench.StartAsync(TimerBench.Timer("00:10:00"));
        await bench.PassUntilAsync("2026-01-01T00:25:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 00:10:00", "01 00:20:00"]);
    }

    [Fact]
    public async Task Start_ManyOccurrencesMissed_RunsOncePastDue()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var first = await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.StopAsync(first);
        await bench.PassUntilAsync("2026-01-03T12:30:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));

        (await bench.OccurrencesAsync()).ShouldBe(["03 12:00:00"]);
        (await bench.TakeAsync())!.Body.ShouldContain("\"isPastDue\":true");
        await bench.PassUntilAsync("2026-01-03T13:00:00Z");
        (await bench.OccurrencesAsync()).ShouldBe(["03 12:00:00", "03 13:00:00"]);
    }

    [Theory]
    [InlineData("0 0 * * * *", false)]
    [InlineData("*/30 * * * * *", true)]
    public async Task Start_MissedButNotMonitored_CatchesNothingUp(string schedule, bool useMonitor)
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var first = await bench.StartAsync(TimerBench.Timer(schedule, useMonitor: useMonitor));
        await bench.StopAsync(first);
        await bench.PassUntilAsync("2026-01-01T12:59:50Z");
        await bench.StartAsync(TimerBench.Timer(schedule, useMonitor: useMonitor));
        (await bench.OccurrencesAsync()).ShouldBeEmpty();

        await bench.PassUntilAsync("2026-01-01T13:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 13:00:00"]);
        (await bench.TakeAsync())!.Body.ShouldNotContain("scheduleStatus");
    }

    [Theory]
    [InlineData("0 30 * * * *", "UTC")]
    [InlineData("0 0 * * * *", "Asia/Kolkata")]
    public async Task Start_ScheduleOrZoneEdited_IsNotPastDue(string schedule, string zone)
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var first = await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.StopAsync(first);
        await bench.PassUntilAsync("2026-01-01T12:15:00Z");
        await bench.StartAsync(TimerBench.Timer(schedule, zone));
        (await bench.OccurrencesAsync()).ShouldBeEmpty();

        await bench.PassUntilAsync("2026-01-01T12:30:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 12:30:00"]);
    }

    [Fact]
    public async Task Start_Off_IsNeverDueAndStoresNothing()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *", runOnStartup: true) with { IsOff = true });

        await bench.PassUntilAsync("2026-01-01T12:30:00Z");

        (await bench.OccurrencesAsync()).ShouldBeEmpty();
        (await bench.Storage.Schedules.ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_TurnedOff_LooksOverdueToNobody()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StopAsync(await bench.StartAsync(TimerBench.Timer("0 0 * * * *")));

        await bench.StartAsync(TimerBench.Timer("0 0 * * * *") with { IsOff = true });

        (await bench.Storage.Schedules.ListAsync(default)).ShouldHaveSingleItem().Next.Year.ShouldBe(9999);
    }

    [Fact]
    public async Task Run_AReplicaForWhichItIsOffStartsLast_TheOtherTakesItBack()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var awake = TimerBench.Timer("0 0 * * * *");
        await bench.StartAsync(awake);
        await bench.StartAsync(awake with { IsOff = true });

        await bench.PassUntilAsync("2026-01-01T02:30:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00"]);
    }

    [Fact]
    public async Task Start_RunOnStartup_RunsOnceMore()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *", runOnStartup: true));
        (await bench.OccurrencesAsync()).ShouldBe(["extra"]);
        await bench.DrainAsync();

        await bench.PassUntilAsync("2026-01-01T01:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["extra", "01 01:00:00"]);
    }

    [Fact]
    public async Task Start_RunOnStartupAndPastDue_RunsOnce()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var first = await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.StopAsync(first);
        await bench.PassUntilAsync("2026-01-01T01:30:00Z");

        await bench.StartAsync(TimerBench.Timer("0 0 * * * *", runOnStartup: true));

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
    }

    [Fact]
    public async Task Run_TwoReplicas_ClaimEachOccurrenceOnce()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:00:30Z");
        await bench.StartAsync(TimerBench.Timer("0 * * * * *"));
        await bench.StartAsync(TimerBench.Timer("0 * * * * *"));

        for (var minute = 1; minute <= 20; minute++)
        {
            await bench.PassUntilAsync($"2026-01-01T00:{minute:00}:30Z");
            (await bench.DrainAsync()).ShouldBe(1);
        }

        (await bench.OccurrencesAsync()).ShouldBe(Enumerable.Range(1, 20).Select(minute => $"01 00:{minute:00}:00"));
    }

    [Fact]
    public async Task Restart_KilledBetweenClaimAndRun_RunsTheClaimedOccurrence()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var first = await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");
        await bench.StopAsync(first);
        await bench.ReopenStorageAsync();
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));

        (await bench.DrainAsync()).ShouldBe(1);
        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
    }

    [Fact]
    public async Task Run_NobodyTakesTheRuns_OnlyTheNewestWaits()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));

        await bench.PassUntilAsync("2026-01-01T03:00:00Z");

        (await bench.RunsAsync()).Select(run => run.State).ShouldBe([RunState.Superseded, RunState.Superseded, RunState.Queued]);
        (await bench.DrainAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Run_FunctionSlowerThanItsTimer_OneRunWaitsAndTheRestIsLeftOut()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");
        var running = await bench.TakeAsync();

        await bench.PassUntilAsync("2026-01-01T05:30:00Z");
        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00"]);
        (await bench.TakeAsync()).ShouldBeNull();
        await bench.Storage.Queues.SettleAsync(running!, new Settlement.Succeeded(null), CancellationToken.None);
        (await bench.DrainAsync()).ShouldBe(1);
        await bench.PassUntilAsync("2026-01-01T06:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00", "01 02:00:00", "01 06:00:00"]);
    }

    [Fact]
    public async Task Run_ClockSetForward_CatchesUpOnceWithinTheLongestWait()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));

        bench.Clock.Set(DateTimeOffset.Parse("2026-01-01T09:20:00Z"));
        await bench.PassUntilAsync("2026-01-01T09:20:31Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 09:00:00"]);
        (await bench.TakeAsync())!.Body.ShouldContain("\"isPastDue\":true");
        await bench.PassUntilAsync("2026-01-01T10:00:00Z");
        (await bench.OccurrencesAsync()).ShouldBe(["01 09:00:00", "01 10:00:00"]);
    }

    [Fact]
    public async Task Run_ClockSetForward_DoesNotCatchUpWhatIsNotMonitored()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *", useMonitor: false));

        bench.Clock.Set(DateTimeOffset.Parse("2026-01-01T09:20:00Z"));
        await bench.PassUntilAsync("2026-01-01T10:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 10:00:00"]);
    }

    [Fact]
    public async Task Run_ClockSetBackFromTheFuture_DoesNotWaitForTheFuture()
    {
        await using var bench = await TimerBench.OpenAsync("2030-05-05T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.PassUntilAsync("2030-05-05T01:00:00Z");
        await bench.DrainAsync();

        bench.Clock.Set(DateTimeOffset.Parse("2026-01-01T00:20:00Z"));
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["05 01:00:00", "01 01:00:00"]);
    }

    [Fact]
    public async Task Run_ClockSetBackAFewSeconds_RunsNoOccurrenceTwice()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        await bench.PassUntilAsync("2026-01-01T01:00:00Z");
        await bench.DrainAsync();

        bench.Clock.Set(DateTimeOffset.Parse("2026-01-01T00:59:55Z"));
        await bench.PassUntilAsync("2026-01-01T01:59:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
    }

    [Fact]
    public async Task Run_StoreFailsForAWhile_BacksOffAndRunsWhatWasDueOnce()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        var faulty = new FaultyStorage(bench.Storage);
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"), faulty);

        faulty.Fails = true;
        await bench.PassUntilAsync("2026-01-01T01:05:00Z");
        (await bench.OccurrencesAsync()).ShouldBeEmpty();
        faulty.Attempts.ShouldBeInRange(5, 200);
        faulty.Fails = false;
        await bench.PassUntilAsync("2026-01-01T01:10:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 01:00:00"]);
    }

    [Fact]
    public async Task Run_TwoVersionsDuringARollout_TheNewerScheduleHolds()
    {
        await using var bench = await TimerBench.OpenAsync("2026-01-01T00:10:00Z");
        await bench.StartAsync(TimerBench.Timer("0 0 * * * *"));
        var newer = await bench.StartAsync(TimerBench.Timer("0 30 * * * *"));
        await bench.PassUntilAsync("2026-01-01T01:15:00Z");
        await bench.DrainAsync();
        (await bench.OccurrencesAsync()).ShouldBe(["01 00:30:00"]);

        // Rolled back: the old version goes on once the new one misses an occurrence.
        await bench.StopAsync(newer);
        await bench.PassUntilAsync("2026-01-01T02:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["01 00:30:00", "01 02:00:00"]);
    }

    [Fact]
    public async Task Run_AcrossTheRepeatedHour_RunsAPointInTimeOnce()
    {
        await using var bench = await TimerBench.OpenAsync("2026-10-24T23:00:00Z");
        await bench.StartAsync(TimerBench.Timer("0 30 2 * * *", "W. Europe Standard Time"));

        await bench.PassUntilAsync("2026-10-25T05:00:00Z");

        (await bench.OccurrencesAsync()).ShouldBe(["25 00:30:00"]);
    }
}
