using Ebb.Scaler.Metadata;
using Ebb.Scaler.Reading;
using Ebb.Scaler.Scaling;
using Ebb.Storage;

namespace Ebb.Scaler.Tests.Scaling;

public sealed class ActivityTests
{
    private const string Stored = "0 0 2 * * * (UTC)";

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly ScaledApp App = References.App(("app", "a"), ("queues", "q"), ("timers", "A=0 0 2 * * *"));

    [Fact]
    public void Of_NothingThere_IsInactiveUntilTheNextLead()
    {
        var activity = Of(Timer(Stored, Now.AddHours(1)));
        (activity.IsActive, activity.Metric, activity.NextLead).ShouldBe((false, 0, Now.AddHours(1).AddSeconds(-20)));
    }

    [Theory]
    [InlineData(3, 0, 0, 0, true, 3)]
    [InlineData(0, 0, 2, 0, true, 2)]
    [InlineData(4, 0, 5, 0, true, 9)]
    [InlineData(0, 7, 0, 0, false, 0)]
    [InlineData(0, 0, 0, 9, false, 0)]
    public void Of_Messages_CountWhenReadyOrRunning(int ready, int waiting, int running, int poisoned, bool active, long metric)
    {
        var activity = Of(Timer(Stored, Now.AddHours(1)), ("q", new(ready, waiting, running, poisoned, null)));
        (activity.IsActive, activity.Metric).ShouldBe((active, metric));
    }

    [Fact]
    public void Of_AClaimedOccurrence_CountsInItsOwnQueue() =>
        Of(Timer(Stored, Now.AddDays(1)), ("$timer-A", new(0, 0, 1, 0, null))).Metric.ShouldBe(1);

    [Fact]
    public void Of_QueuesOfOthers_DoNotCount() => Of(Timer(Stored, Now.AddHours(1)), ("other", new(5, 0, 5, 0, null))).IsActive.ShouldBeFalse();

    [Theory]
    [InlineData(21, false)]
    [InlineData(20, true)]
    [InlineData(0, true)]
    [InlineData(-3600, true)]
    public void Of_ATimer_IsDueFromItsLeadUntilItIsClaimed(int seconds, bool active)
    {
        var activity = Of(Timer(Stored, Now.AddSeconds(seconds)));
        (activity.IsActive, activity.DueTimers).ShouldBe((active, active ? 1 : 0));
    }

    [Fact]
    public void Of_ATimerNobodyRegistered_WantsAPod()
    {
        var activity = Of(null);
        (activity.IsActive, activity.Metric, activity.Unregistered.Count).ShouldBe((true, 1, 1));
    }

    [Theory]
    [InlineData("0 0 3 * * * (UTC)")]
    [InlineData("0 0 2 * * * (Europe/Berlin)")]
    public void Of_ATimerWithAnotherSchedule_KeepsAPod(string stored)
    {
        var activity = Of(Timer(stored, Now.AddHours(9)));
        (activity.IsActive, activity.Metric, activity.Unregistered.Count).ShouldBe((true, 1, 1));
    }

    [Fact]
    public void Of_ManyTimersToRegister_WantOnePod()
    {
        var app = References.App(("app", "a"), ("timers", "A=0 0 2 * * *;B=0 0 3 * * *;C=0 0 4 * * *"));
        Activity.Of(app, new(new Dictionary<string, QueueCounts>(), new Dictionary<string, ScheduleState>()), Now).Metric.ShouldBe(1);
    }

    private static ScheduleState Timer(string stored, DateTimeOffset next) => new("A", stored, null, next, Now);

    private static Activity Of(ScheduleState? timer, params (string Queue, QueueCounts Counts)[] queues) => Activity.Of(
        App,
        new StorageSnapshot(
            queues.ToDictionary(queue => queue.Queue, queue => queue.Counts),
            timer is null ? new Dictionary<string, ScheduleState>() : new Dictionary<string, ScheduleState> { [timer.Timer] = timer }),
        Now);
}
