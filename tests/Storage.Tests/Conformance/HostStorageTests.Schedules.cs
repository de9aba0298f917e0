namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    private const string Timer = "Nightly";

    private ScheduleState Schedule(int next, string schedule = "0 0 2 * * *|UTC", DateTimeOffset? last = null) =>
        new(Timer, schedule, last, Time.GetUtcNow() + TimeSpan.FromDays(next), Time.GetUtcNow());

    private static ScheduleClaim Claim(ScheduleState expected, ScheduleState next) =>
        new(expected, next, new() { Queue = "$timers", Body = "{}", Trigger = TriggerKind.Timer, Function = Timer });

    [Fact]
    public async Task TrySetAsync_NewTimer_StoresIt()
    {
        (await Storage.Schedules.GetAsync(Timer, default)).ShouldBeNull();

        (await Storage.Schedules.TrySetAsync(Schedule(1), null, default)).ShouldBeTrue();
        (await Storage.Schedules.TrySetAsync(Schedule(2), null, default)).ShouldBeFalse();
        await ReopenAsync();

        (await Storage.Schedules.GetAsync(Timer, default)).ShouldBe(Schedule(1));
    }

    [Fact]
    public async Task ListAsync_SeveralTimers_ListsTheirStatesByName()
    {
        (await Storage.Schedules.ListAsync(default)).ShouldBeEmpty();
        await Storage.Schedules.TrySetAsync(Schedule(2), null, default);
        await Storage.Schedules.TrySetAsync(Schedule(1) with { Timer = "Hourly" }, null, default);

        (await Storage.Schedules.ListAsync(default)).ShouldBe([Schedule(1) with { Timer = "Hourly" }, Schedule(2)]);
    }

    [Fact]
    public async Task TrySetAsync_Edited_OnlyIfNextAndScheduleAreStillThoseExpected()
    {
        await Storage.Schedules.TrySetAsync(Schedule(1), null, default);

        (await Storage.Schedules.TrySetAsync(Schedule(3, "edited"), Schedule(2), default)).ShouldBeFalse();
        (await Storage.Schedules.TrySetAsync(Schedule(3, "edited"), Schedule(1, "else"), default)).ShouldBeFalse();
        (await Storage.Schedules.TrySetAsync(Schedule(3, "edited"), Schedule(1) with { LastUpdated = default }, default)).ShouldBeTrue();
        (await Storage.Schedules.TrySetAsync(Schedule(4) with { Timer = "Other" }, Schedule(4), default)).ShouldBeFalse();
        (await Storage.Schedules.GetAsync(Timer, default)).ShouldBe(Schedule(3, "edited"));
    }

    [Fact]
    public async Task TryClaimAsync_Occurrence_StoresStateAndMessageTogether()
    {
        await Storage.Schedules.TrySetAsync(Schedule(1), null, default);
        var next = Schedule(2, last: Schedule(1).Next);

        var id = (await Storage.Schedules.TryClaimAsync(Claim(Schedule(1), next), default)).ShouldNotBeNull();
        await ReopenAsync();

        (await Storage.Schedules.GetAsync(Timer, default)).ShouldBe(next);
        (await TakeAsync(queue: "$timers")).ShouldHaveSingleItem().RunId.ShouldBe(id);
        (await RunAsync(id)).Trigger.ShouldBe(TriggerKind.Timer);
    }

    [Fact]
    public async Task TryClaimAsync_TwentyReplicasAtOnce_ExactlyOneWins()
    {
        await Storage.Schedules.TrySetAsync(Schedule(1), null, default);

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () => await Storage.Schedules.TryClaimAsync(Claim(Schedule(1), Schedule(2)), default))));

        claims.Count(claim => claim is not null).ShouldBe(1);
        (await TakeAsync(20, "$timers")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task TryClaimAsync_NoStateOrAnother_ClaimsNothing()
    {
        (await Storage.Schedules.TryClaimAsync(Claim(Schedule(1), Schedule(2)), default)).ShouldBeNull();
        await Storage.Schedules.TrySetAsync(Schedule(3), null, default);
        (await Storage.Schedules.TryClaimAsync(Claim(Schedule(1), Schedule(2)), default)).ShouldBeNull();

        (await TakeAsync(queue: "$timers")).ShouldBeEmpty();
        (await Storage.Schedules.GetAsync(Timer, default)).ShouldBe(Schedule(3));
    }

    [Fact]
    public async Task TryClaimAsync_TwoTimersMixed_IsRefused() =>
        (await Should.ThrowAsync<ArgumentException>(async () =>
            await Storage.Schedules.TryClaimAsync(Claim(Schedule(1), Schedule(2) with { Timer = "Other" }), default)))
            .Message.ShouldContain("Other");
}
