namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    [Fact]
    public async Task Lease_Lapsed_MessageIsVisibleAgainAndTheOldTokenIsStale()
    {
        var id = await EnqueueAsync();
        var dead = await TakeOneAsync();
        Time.Advance(Lease);

        var alive = await TakeOneAsync();

        (alive.RunId, alive.DequeueCount).ShouldBe((id, 2));
        alive.LeaseToken.ShouldNotBe(dead.LeaseToken);
        (await Storage.Queues.RenewAsync(dead, Lease, default)).ShouldBeFalse();
        (await Storage.Queues.SettleAsync(dead, new Settlement.Failed(Error()), default)).ShouldBeFalse();
        var attempts = (await RunAsync(id)).Attempts;
        attempts.Count.ShouldBe(2);
        (attempts[0].EndedAt, attempts[0].Error!.Type).ShouldBe((null, "LeaseLapsed"));
        await SettleAsync(alive);
    }

    [Fact]
    public async Task Lease_LapsedAndNotTakenAgain_CannotBeSettled()
    {
        var id = await EnqueueAsync();
        var dead = await TakeOneAsync();
        Time.Advance(Lease);

        (await Storage.Queues.SettleAsync(dead, new Settlement.Succeeded(null), default)).ShouldBeFalse();
        (await RunAsync(id)).State.ShouldBe(RunState.Queued);
        (await RunAsync(id)).Error!.Type.ShouldBe("LeaseLapsed");
    }

    [Fact]
    public async Task RenewAsync_BeforeItLapses_KeepsTheLease()
    {
        await EnqueueAsync();
        var message = await TakeOneAsync();
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(Lease - TimeSpan.FromSeconds(1));
            (await Storage.Queues.RenewAsync(message, Lease, default)).ShouldBeTrue();
        }

        (await TakeAsync()).ShouldBeEmpty();
        await SettleAsync(message);
        (await Storage.Queues.RenewAsync(message, Lease, default)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(365)]
    public async Task Lease_WallClockJumps_LapsesWhenItsTimeHasPassed(int days)
    {
        await EnqueueAsync();
        await TakeOneAsync();
        Time.Jump(TimeSpan.FromDays(days));

        (await TakeAsync()).ShouldBeEmpty();
        Time.Advance(Lease);
        (await TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Delay_WallClockSetBackBeforeAReopen_IsNeverLongerThanItWas()
    {
        await EnqueueAsync(delay: TimeSpan.FromMinutes(5));
        Time.Jump(TimeSpan.FromDays(-365));
        await ReopenAsync();

        Time.Advance(TimeSpan.FromMinutes(5));
        (await TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WaitForWorkAsync_MessageReady_CompletesAtOnce()
    {
        await EnqueueAsync();

        await Storage.Queues.WaitForWorkAsync(["other", Queue], default).WaitAsync(Patience);
    }

    [Fact]
    public async Task WaitForWorkAsync_Enqueue_WakesWhoWaitsForThatQueueOnly()
    {
        var mine = Storage.Queues.WaitForWorkAsync(["other", Queue], default);
        var others = Storage.Queues.WaitForWorkAsync(["elsewhere"], default);
        mine.IsCompleted.ShouldBeFalse();

        await EnqueueAsync();

        await mine.WaitAsync(Patience);
        others.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task WaitForWorkAsync_DelayedMessage_WakesWhenItIsDue()
    {
        await EnqueueAsync(delay: TimeSpan.FromDays(3));
        var wait = Storage.Queues.WaitForWorkAsync([Queue], default);

        Time.Advance(TimeSpan.FromDays(2));
        wait.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromDays(1));

        await wait.WaitAsync(Patience);
    }

    [Fact]
    public async Task WaitForWorkAsync_LeaseLapses_Wakes()
    {
        await EnqueueAsync();
        var message = await TakeOneAsync();
        var wait = Storage.Queues.WaitForWorkAsync([Queue], default);
        Time.Advance(Lease - TimeSpan.FromSeconds(1));
        await Storage.Queues.RenewAsync(message, Lease, default);

        Time.Advance(TimeSpan.FromSeconds(1));
        wait.IsCompleted.ShouldBeFalse();
        Time.Advance(Lease);

        await wait.WaitAsync(Patience);
    }

    [Fact]
    public async Task WaitForWorkAsync_PredecessorEnds_Wakes()
    {
        await EnqueueAsync("1", sequence: "s");
        await EnqueueAsync("2", sequence: "s");
        var message = await TakeOneAsync();
        var wait = Storage.Queues.WaitForWorkAsync([Queue], default);
        wait.IsCompleted.ShouldBeFalse();

        await SettleAsync(message);

        await wait.WaitAsync(Patience);
    }

    [Fact]
    public async Task WaitForWorkAsync_ReleaseRetryAndRedrive_Wake()
    {
        await EnqueueAsync();
        foreach (Settlement settlement in new Settlement[] { new Settlement.Released(), new Settlement.Retried(Error(), TimeSpan.Zero), new Settlement.Poisoned(Error()) })
        {
            var message = await TakeOneAsync();
            var wait = Storage.Queues.WaitForWorkAsync([Queue], default);
            await SettleAsync(message, settlement);
            if (settlement is Settlement.Poisoned)
            {
                wait.IsCompleted.ShouldBeFalse();
                await Storage.Queues.RedriveAsync(Queue, null, default);
            }
            await wait.WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task WaitForWorkAsync_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        var wait = Storage.Queues.WaitForWorkAsync([Queue], cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
        await EnqueueAsync();
        (await TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WaitForWorkAsync_ManyProducersAndConsumers_MissesNothing()
    {
        const int Messages = 300;
        var done = 0;
        using var over = new CancellationTokenSource();
        async Task Consume()
        {
            while (true)
            {
                await Storage.Queues.WaitForWorkAsync([Queue], over.Token);
                foreach (var message in await TakeAsync(2))
                {
                    await SettleAsync(message);
                    if (Interlocked.Increment(ref done) == Messages)
                        await over.CancelAsync();
                }
            }
        }
        var consumers = Enumerable.Range(0, 4).Select(_ => Task.Run(Consume)).ToList();

        await Parallel.ForAsync(0, Messages, async (i, _) => await EnqueueAsync(sequence: $"{i % 7}"));
        foreach (var consumer in consumers)
            await Should.ThrowAsync<OperationCanceledException>(() => consumer.WaitAsync(Patience));

        done.ShouldBe(Messages);
    }
}
