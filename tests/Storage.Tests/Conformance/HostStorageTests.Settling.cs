namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SettleAsync_Succeeded_EndsTheRunAndDeletesTheMessage(bool reopen)
    {
        var id = await EnqueueAsync();
        var message = await TakeOneAsync();
        var started = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromSeconds(3));

        await SettleAsync(message, new Settlement.Succeeded("{\"n\":1}"));
        if (reopen)
            await ReopenAsync();

        var run = await RunAsync(id);
        (run.State, run.Result, run.Error).ShouldBe((RunState.Succeeded, "{\"n\":1}", null));
        run.EndedAt.ShouldBe(started + TimeSpan.FromSeconds(3));
        run.Attempts.ShouldHaveSingleItem().ShouldBe(new RunAttempt(started, run.EndedAt, "host-1", null));
        run.IsFinal.ShouldBeTrue();
        (await Storage.Queues.CountAsync(Queue, default)).ShouldBe(new QueueCounts(0, 0, 0, 0, null));
    }

    [Fact]
    public async Task SettleAsync_Failed_EndsTheRunWithErrorAndReport()
    {
        var id = await EnqueueAsync();

        await SettleAsync(await TakeOneAsync(), new Settlement.Failed(Error(), "[1]"));

        var run = await RunAsync(id);
        (run.State, run.Result, run.Error).ShouldBe((RunState.Failed, "[1]", Error()));
        run.Attempts.ShouldHaveSingleItem().Error.ShouldBe(Error());
        (await TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task SettleAsync_Retried_MessageComesBackAfterTheDelay()
    {
        var id = await EnqueueAsync("1");
        await SettleAsync(await TakeOneAsync(), new Settlement.Retried(Error(), TimeSpan.FromSeconds(30), "[1]"));

        var waiting = await RunAsync(id);
        (waiting.State, waiting.Error, waiting.Result, waiting.EndedAt).ShouldBe((RunState.Queued, Error(), "[1]", null));
        (await TakeAsync()).ShouldBeEmpty();
        await ReopenAsync();
        Time.Advance(TimeSpan.FromSeconds(30));

        var again = await TakeOneAsync();
        again.DequeueCount.ShouldBe(2);
        (await RunAsync(id)).Attempts.Count.ShouldBe(2);
        await SettleAsync(again);
        (await RunAsync(id)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task SettleAsync_Released_IsVisibleAtOnceAndNotCounted()
    {
        var id = await EnqueueAsync();
        await SettleAsync(await TakeOneAsync(), new Settlement.Released());

        var run = await RunAsync(id);
        (run.State, run.StartedAt, run.Attempts.Count).ShouldBe((RunState.Queued, null, 0));
        await ReopenAsync();
        (await TakeOneAsync()).DequeueCount.ShouldBe(1);
    }

    [Fact]
    public async Task SettleAsync_ReleasedWithDelay_ComesBackLaterAndIsNotCounted()
    {
        var id = await EnqueueAsync();
        var taken = await TakeOneAsync();
        await Storage.Runs.ReportProgressAsync(id, "waiting for image", default);
        await SettleAsync(taken, new Settlement.Released(TimeSpan.FromSeconds(30)));

        var run = await RunAsync(id);
        (run.State, run.Attempts.Count, run.Progress).ShouldBe((RunState.Queued, 0, "waiting for image"));
        (await TakeAsync()).ShouldBeEmpty();
        await ReopenAsync();
        (await TakeAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        (await TakeOneAsync()).DequeueCount.ShouldBe(1);
    }

    [Fact]
    public async Task SettleAsync_ReleasedWithDelay_IsSupersededByANewerMessage()
    {
        var id = await EnqueueAsync("1", sequence: "s");
        await SettleAsync(await TakeOneAsync(), new Settlement.Released(TimeSpan.FromHours(1)));

        var newer = await EnqueueAsync("2", sequence: "s", supersede: true);

        ((await RunAsync(id)).State, (await RunAsync(id)).SupersededBy).ShouldBe((RunState.Superseded, newer));
        (await TakeOneAsync()).RunId.ShouldBe(newer);
    }

    [Fact]
    public async Task SettleAsync_ReleasedWithDelay_LetsThoseOfItsSequencePass()
    {
        await EnqueueAsync("1", sequence: "s");
        var first = await TakeOneAsync();
        await EnqueueAsync("2", sequence: "s");
        await SettleAsync(first, new Settlement.Released(TimeSpan.FromSeconds(30)));
        await ReopenAsync();

        var second = await TakeOneAsync();
        second.Body.ShouldBe("2");
        Time.Advance(TimeSpan.FromSeconds(30));
        (await TakeAsync()).ShouldBeEmpty();
        await SettleAsync(second);

        var again = await TakeOneAsync();
        (again.Body, again.DequeueCount).ShouldBe(("1", 1));
    }

    [Fact]
    public async Task SettleAsync_BothReleasedWithDelay_TakeTurns()
    {
        await EnqueueAsync("1", sequence: "s");
        var first = await TakeOneAsync();
        await EnqueueAsync("2", sequence: "s");
        await SettleAsync(first, new Settlement.Released(TimeSpan.FromSeconds(10)));
        await SettleAsync(await TakeOneAsync(), new Settlement.Released(TimeSpan.FromSeconds(30)));
        (await TakeAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(10));

        (await TakeOneAsync()).Body.ShouldBe("1");
    }

    [Fact]
    public async Task SettleAsync_Twice_SecondIsRefusedAndChangesNothing()
    {
        var id = await EnqueueAsync();
        var message = await TakeOneAsync();
        await SettleAsync(message);

        (await Storage.Queues.SettleAsync(message, new Settlement.Failed(Error()), default)).ShouldBeFalse();
        (await RunAsync(id)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task SettleAsync_ManyAttempts_KeepsTheNewestTwenty()
    {
        var id = await EnqueueAsync();
        for (var i = 1; i <= 25; i++)
            await SettleAsync(await TakeOneAsync(), new Settlement.Retried(Error($"{i}"), TimeSpan.Zero));

        var run = await RunAsync(id);

        run.Attempts.Select(attempt => attempt.Error!.Message).ShouldBe(Enumerable.Range(6, 20).Select(i => $"{i}"));
        (await TakeOneAsync()).DequeueCount.ShouldBe(26);
    }

    [Fact]
    public async Task SettleAsync_Poisoned_MovesToThePoisonQueueUntilRedriven()
    {
        var id = await EnqueueAsync("1");
        await SettleAsync(await TakeOneAsync(), new Settlement.Poisoned(Error(), "[1]"));
        var younger = await EnqueueAsync("2");
        await ReopenAsync();

        (await RunAsync(id)).State.ShouldBe(RunState.Poisoned);
        var peeked = (await Storage.Queues.PeekAsync(Queue, poisoned: true, 10, default)).ShouldHaveSingleItem();
        (peeked.RunId, peeked.State, peeked.DequeueCount, peeked.Error).ShouldBe((id, RunState.Poisoned, 1, Error()));

        (await Storage.Queues.RedriveAsync(Queue, id, default)).ShouldBe(1);
        (await Storage.Queues.RedriveAsync(Queue, null, default)).ShouldBe(0);

        (await RunAsync(id)).State.ShouldBe(RunState.Queued);
        var taken = await TakeAsync(9);
        taken.Select(message => (message.RunId, message.DequeueCount)).ShouldBe([(younger, 1), (id, 1)]);
        (await RunAsync(id)).Attempts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task RedriveAsync_OneOrAll_MovesWhatWasAsked()
    {
        var ids = new[] { await EnqueueAsync(), await EnqueueAsync(), await EnqueueAsync() };
        foreach (var message in await TakeAsync(3))
            await SettleAsync(message, new Settlement.Poisoned(Error()));

        (await Storage.Queues.RedriveAsync(Queue, ids[1], default)).ShouldBe(1);
        (await Storage.Queues.RedriveAsync("other", null, default)).ShouldBe(0);
        (await Storage.Queues.CountAsync(Queue, default)).Poisoned.ShouldBe(2);
        (await Storage.Queues.RedriveAsync(Queue, null, default)).ShouldBe(2);

        (await TakeAsync(9)).Select(message => message.RunId).ShouldBe([ids[1], ids[0], ids[2]]);
    }

    [Fact]
    public async Task PurgeAsync_Waiting_DeletesAllButTheRunningAndPoisoned()
    {
        await EnqueueAsync("poisoned");
        await SettleAsync(await TakeOneAsync(), new Settlement.Poisoned(Error()));
        await EnqueueAsync("running", sequence: "s");
        var running = await TakeOneAsync();
        var blocked = await EnqueueAsync(sequence: "s");
        var delayed = await EnqueueAsync(delay: TimeSpan.FromHours(1));
        var ready = await EnqueueAsync();

        (await Storage.Queues.PurgeAsync(Queue, poisoned: false, default)).ShouldBe(3);
        await ReopenAsync();

        foreach (var id in new[] { blocked, delayed, ready })
        {
            var run = await RunAsync(id);
            (run.State, run.Error!.Type, run.EndedAt).ShouldBe((RunState.Failed, "Purged", Time.GetUtcNow()));
        }
        (await Storage.Queues.CountAsync(Queue, default)).Poisoned.ShouldBe(1);
        Time.Advance(Lease);
        (await TakeOneAsync()).RunId.ShouldBe(running.RunId);
    }

    [Fact]
    public async Task PurgeAsync_Poisoned_DeletesOnlyThose()
    {
        var id = await EnqueueAsync();
        await SettleAsync(await TakeOneAsync(), new Settlement.Poisoned(Error()));
        await EnqueueAsync();

        (await Storage.Queues.PurgeAsync(Queue, poisoned: true, default)).ShouldBe(1);
        (await Storage.Queues.PurgeAsync(Queue, poisoned: true, default)).ShouldBe(0);

        var run = await RunAsync(id);
        (run.State, run.Error).ShouldBe((RunState.Failed, Error()));
        (await Storage.Queues.CountAsync(Queue, default)).Ready.ShouldBe(1);
    }
}
