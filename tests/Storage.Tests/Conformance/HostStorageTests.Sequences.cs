namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    [Fact]
    public async Task Sequence_SameKey_RunsOneAtATimeInOrder()
    {
        var ids = new[] { await EnqueueAsync(sequence: "s"), await EnqueueAsync(sequence: "s"), await EnqueueAsync(sequence: "s") };
        var free = await EnqueueAsync();
        var other = await EnqueueAsync(sequence: "t");

        var taken = await TakeAsync(9);

        taken.Select(message => message.RunId).ShouldBe([ids[0], free, other]);
        await SettleAsync(taken[0]);
        var second = await TakeOneAsync();
        second.RunId.ShouldBe(ids[1]);
        await ReopenAsync();
        Time.Advance(Lease);
        (await TakeOneAsync()).RunId.ShouldBe(ids[1]);
    }

    [Fact]
    public async Task Sequence_SameKeyOnAnotherQueue_IsAnotherSequence()
    {
        await EnqueueAsync(sequence: "s");
        await EnqueueAsync(sequence: "s", queue: "other");

        (await TakeAsync()).ShouldHaveSingleItem();
        (await TakeAsync(queue: "other")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sequence_HeadDelayedOrRetried_HoldsTheOthersBack()
    {
        var first = await EnqueueAsync("1", sequence: "s", delay: TimeSpan.FromMinutes(1));
        var second = await EnqueueAsync("2", sequence: "s");
        (await TakeAsync(9)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        await SettleAsync(await TakeOneAsync(), new Settlement.Retried(Error(), TimeSpan.FromMinutes(1)));

        (await TakeAsync(9)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        var again = await TakeOneAsync();
        again.RunId.ShouldBe(first);
        await SettleAsync(again, new Settlement.Failed(Error()));
        (await TakeOneAsync()).RunId.ShouldBe(second);
    }

    [Fact]
    public async Task Sequence_HeadPostponed_LetsANewerOneRunAtOnceAndFollowsIt()
    {
        var first = await EnqueueAsync("1", sequence: "s");
        await SettleAsync(await TakeOneAsync(), new Settlement.Released(TimeSpan.FromHours(1)));
        await ReopenAsync();
        var waiting = Storage.Queues.WaitForWorkAsync([Queue], default);

        var second = await EnqueueAsync("2", sequence: "s");
        var third = await EnqueueAsync("3", sequence: "s");

        await waiting.WaitAsync(Patience);
        await ReopenAsync();
        var running = await TakeOneAsync();
        running.RunId.ShouldBe(second);
        (await Storage.Queues.RenewAsync(running, TimeSpan.FromHours(2), default)).ShouldBeTrue();
        Time.Advance(TimeSpan.FromHours(1));
        (await TakeAsync(9)).ShouldBeEmpty();
        await SettleAsync(running);
        var next = (await TakeAsync(9)).ShouldHaveSingleItem();
        next.RunId.ShouldBe(third);
        await SettleAsync(next);
        (await TakeAsync(9)).ShouldHaveSingleItem().RunId.ShouldBe(first);
    }

    [Fact]
    public async Task Sequence_HeadPostponedForLessThanTheNewerWaits_KeepsItsPlace()
    {
        var first = await EnqueueAsync("1", sequence: "s");
        var lease = await TakeOneAsync();
        await EnqueueAsync("2", sequence: "s", delay: TimeSpan.FromHours(1));
        await SettleAsync(lease, new Settlement.Released(TimeSpan.FromSeconds(10)));
        await EnqueueAsync("3", sequence: "s");

        (await TakeAsync(9)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(10));

        (await TakeAsync(9)).ShouldHaveSingleItem().RunId.ShouldBe(first);
    }

    [Fact]
    public async Task Sequence_NewerComesWhileAnotherRuns_PassesThePostponedOne()
    {
        var first = await EnqueueAsync("1", sequence: "s");
        await SettleAsync(await TakeOneAsync(), new Settlement.Released(TimeSpan.FromHours(1)));
        await EnqueueAsync("2", sequence: "s");
        var running = await TakeOneAsync();
        var third = await EnqueueAsync("3", sequence: "s");
        await ReopenAsync();
        Time.Advance(Lease);
        running = await TakeOneAsync();
        running.Body.ShouldBe("2");
        await SettleAsync(running, new Settlement.Released(TimeSpan.FromMinutes(30)));

        (await TakeOneAsync()).RunId.ShouldBe(third);
        (await RunAsync(first)).State.ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task Sequence_HeadPostponedAndDue_IsFirstAgain()
    {
        var first = await EnqueueAsync("1", sequence: "s");
        await SettleAsync(await TakeOneAsync(), new Settlement.Released(TimeSpan.FromSeconds(10)));
        Time.Advance(TimeSpan.FromSeconds(10));

        await EnqueueAsync("2", sequence: "s");

        (await TakeAsync(9)).ShouldHaveSingleItem().RunId.ShouldBe(first);
    }

    [Fact]
    public async Task Sequence_HeadPoisonedThenRedriven_GoesToTheEnd()
    {
        var first = await EnqueueAsync("1", sequence: "s");
        var second = await EnqueueAsync("2", sequence: "s");
        await SettleAsync(await TakeOneAsync(), new Settlement.Poisoned(Error()));
        await Storage.Queues.RedriveAsync(Queue, first, default);

        var next = await TakeOneAsync();
        next.RunId.ShouldBe(second);
        (await TakeAsync()).ShouldBeEmpty();
        await SettleAsync(next);
        (await TakeOneAsync()).RunId.ShouldBe(first);
    }

    [Fact]
    public async Task Supersede_WaitingMessages_EndAsSupersededAndRunningGoesOn()
    {
        var running = await EnqueueAsync("1", sequence: "s");
        var lease = await TakeOneAsync();
        var waiting = await EnqueueAsync("2", sequence: "s");
        var delayed = await EnqueueAsync("3", sequence: "s", delay: TimeSpan.FromHours(1));
        var other = await EnqueueAsync("other", sequence: "t");

        var newest = await EnqueueAsync("4", sequence: "s", supersede: true);
        await ReopenAsync();

        foreach (var id in new[] { waiting, delayed })
        {
            var run = await RunAsync(id);
            (run.State, run.SupersededBy, run.EndedAt).ShouldBe((RunState.Superseded, newest, Time.GetUtcNow()));
        }
        Time.Advance(Lease);
        var taken = await TakeAsync(9);
        taken.Select(message => message.RunId).ShouldBe([running, other]);
        await SettleAsync(taken[0]);
        (await TakeOneAsync()).RunId.ShouldBe(newest);
        lease.RunId.ShouldBe(running);
    }

    [Fact]
    public async Task Supersede_HeadWaitsForItsRetry_IsSupersededToo()
    {
        var first = await EnqueueAsync("1", sequence: "s");
        await SettleAsync(await TakeOneAsync(), new Settlement.Retried(Error(), TimeSpan.FromHours(1)));

        var newest = await EnqueueAsync("2", sequence: "s", supersede: true);

        (await RunAsync(first)).SupersededBy.ShouldBe(newest);
        (await TakeOneAsync()).RunId.ShouldBe(newest);
    }

    [Fact]
    public async Task Supersede_KnownIdempotencyKey_SupersedesNothing()
    {
        var first = await EnqueueAsync("1", sequence: "s", idempotency: "k");

        (await EnqueueAsync("2", sequence: "s", idempotency: "k", supersede: true)).ShouldBe(first);

        (await TakeOneAsync()).RunId.ShouldBe(first);
    }
}
