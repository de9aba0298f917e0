namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    [Fact]
    public async Task EnqueueAsync_Message_CreatesItsRun()
    {
        var result = await Storage.Queues.EnqueueAsync(
            new()
            {
                Queue = Queue,
                Body = "{\"text\":\"grün \\\"quoted\\\" 🚀\"}",
                Trigger = TriggerKind.Manual,
                Function = "Meant",
                TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                TraceState = "vendor=1",
                Caller = "ci",
                SequenceKey = "s",
                IdempotencyKey = "i",
            },
            default);

        result.Created.ShouldBeTrue();
        var run = await RunAsync(result.RunId);
        run.State.ShouldBe(RunState.Queued);
        run.Trigger.ShouldBe(TriggerKind.Manual);
        run.Function.ShouldBe("Meant");
        run.Queue.ShouldBe(Queue);
        run.CreatedAt.ShouldBe(Time.GetUtcNow());
        run.TraceId.ShouldBe("0af7651916cd43dd8448eb211c80319c");
        (run.Caller, run.SequenceKey, run.IdempotencyKey).ShouldBe(("ci", "s", "i"));
        run.Attempts.ShouldBeEmpty();
        run.IsFinal.ShouldBeFalse();
    }

    [Fact]
    public async Task DequeueAsync_Message_CarriesWhatWasEnqueuedAcrossAReopen()
    {
        const string Body = "{\"text\":\"grün \\\"quoted\\\" \\u0000 🚀\"}";
        await Storage.Queues.EnqueueAsync(
            new() { Queue = Queue, Body = Body, TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", TraceState = "a=b", Caller = "ci", Trigger = TriggerKind.Timer },
            default);
        await ReopenAsync();

        var message = await TakeOneAsync();

        message.Body.ShouldBe(Body);
        message.DequeueCount.ShouldBe(1);
        message.Trigger.ShouldBe(TriggerKind.Timer);
        message.TraceParent.ShouldBe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        message.TraceState.ShouldBe("a=b");
        message.Caller.ShouldBe("ci");
        message.EnqueuedAt.ShouldBe(Time.GetUtcNow());
        message.LeaseExpiresAt.ShouldBe(Time.GetUtcNow() + Lease);
        var run = await RunAsync(message.RunId);
        run.State.ShouldBe(RunState.Running);
        run.Function.ShouldBe("Work");
        run.StartedAt.ShouldBe(Time.GetUtcNow());
        run.Attempts.ShouldHaveSingleItem().ShouldBe(new RunAttempt(Time.GetUtcNow(), null, "host-1", null));
    }

    [Fact]
    public async Task DequeueAsync_SeveralMessages_OldestFirstUpToMaxCount()
    {
        var ids = new[] { await EnqueueAsync("1"), await EnqueueAsync("2"), await EnqueueAsync("3") };

        (await TakeAsync(2)).Select(message => message.RunId).ShouldBe(ids[..2]);
        (await TakeAsync(2)).Select(message => message.RunId).ShouldBe(ids[2..]);
        (await TakeAsync(2)).ShouldBeEmpty();
        (await TakeAsync(queue: "never-used")).ShouldBeEmpty();
    }

    [Fact]
    public async Task EnqueueAsync_KnownIdempotencyKey_YieldsTheFirstRun()
    {
        var first = await EnqueueAsync("1", idempotency: "k");

        var second = await Storage.Queues.EnqueueAsync(new() { Queue = Queue, Body = "2", IdempotencyKey = "k" }, default);
        var otherQueue = await Storage.Queues.EnqueueAsync(new() { Queue = "other", Body = "2", IdempotencyKey = "k" }, default);

        second.ShouldBe(new EnqueueResult(first, false));
        otherQueue.Created.ShouldBeTrue();
        (await TakeAsync(9)).ShouldHaveSingleItem().Body.ShouldBe("1");
    }

    [Fact]
    public async Task EnqueueAsync_KeyOfAFinishedRun_StillYieldsThatRunAfterReopen()
    {
        var first = await EnqueueAsync(idempotency: "k");
        await SettleAsync(await TakeOneAsync());
        await ReopenAsync();

        (await EnqueueAsync(idempotency: "k")).ShouldBe(first);
        (await TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task EnqueueAsync_SameKeyFromManyCallers_CreatesOneRun()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () => await Storage.Queues.EnqueueAsync(new() { Queue = Queue, Body = "{}", IdempotencyKey = "k" }, default))));

        results.Count(result => result.Created).ShouldBe(1);
        results.Select(result => result.RunId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DequeueAsync_DelayedMessage_IsInvisibleUntilItsTime()
    {
        await EnqueueAsync(delay: TimeSpan.FromMinutes(5));

        Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        (await TakeAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromTicks(1));
        (await TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DequeueAsync_DelayedMessageAfterReopen_KeepsTheRestOfItsDelay()
    {
        await EnqueueAsync(delay: TimeSpan.FromMinutes(5));
        Time.Advance(TimeSpan.FromMinutes(3));
        await ReopenAsync();

        (await TakeAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(2));
        (await TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DequeueAsync_DelayedMessageAfterAReopenYearsLater_IsReady()
    {
        await EnqueueAsync(delay: TimeSpan.FromMinutes(5));
        Time.Jump(TimeSpan.FromDays(1000));
        await ReopenAsync();
        Time.Advance(TimeSpan.FromMinutes(5));

        (await TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DequeueAsync_FromManyCallers_GivesEveryMessageOnce()
    {
        for (var i = 0; i < 50; i++)
            await EnqueueAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TakeAsync(3))));

        taken.SelectMany(messages => messages).Select(message => message.RunId).Distinct().Count().ShouldBe(50);
        taken.Sum(messages => messages.Count).ShouldBe(50);
    }

    [Fact]
    public async Task CountAsync_MessagesInEveryState_CountsEach()
    {
        await EnqueueAsync("poisoned");
        await SettleAsync(await TakeOneAsync(), new Settlement.Poisoned(Error()));
        await EnqueueAsync("running", sequence: "s");
        await TakeOneAsync();
        await EnqueueAsync("blocked", sequence: "s");
        await EnqueueAsync("delayed", delay: TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        var oldest = Time.GetUtcNow();
        await EnqueueAsync("ready 1");
        await EnqueueAsync("ready 2", sequence: "t");
        Time.Advance(TimeSpan.FromSeconds(1));
        await EnqueueAsync("ready after 2", sequence: "t");

        (await Storage.Queues.CountAsync(Queue, default)).ShouldBe(new QueueCounts(2, 3, 1, 1, oldest));
        (await Storage.Queues.CountAsync("unknown", default)).ShouldBe(new QueueCounts(0, 0, 0, 0, null));
        (await Storage.Queues.CountAsync(["unknown", Queue, Queue], default)).ShouldBe(
            new Dictionary<string, QueueCounts> { [Queue] = new(2, 3, 1, 1, oldest), ["unknown"] = new(0, 0, 0, 0, null) }, ignoreOrder: true);
    }

    [Fact]
    public async Task PeekAsync_Messages_ShowsTheOldestWithoutTakingThem()
    {
        var running = await EnqueueAsync("1");
        await TakeOneAsync();
        var delayed = await EnqueueAsync("2", delay: TimeSpan.FromHours(1));
        await EnqueueAsync("3");

        var peeked = await Storage.Queues.PeekAsync(Queue, poisoned: false, 2, default);

        peeked.Select(message => (message.RunId, message.Body, message.State, message.DequeueCount)).ShouldBe(
            [(running, "1", RunState.Running, 1), (delayed, "2", RunState.Queued, 0)]);
        peeked[1].VisibleAt.ShouldBe(Time.GetUtcNow() + TimeSpan.FromHours(1));
        (await Storage.Queues.CountAsync(Queue, default)).Ready.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("../up")]
    [InlineData("ümlaut")]
    public async Task EnqueueAsync_BadQueueName_IsRefused(string queue)
    {
        var error = await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync(queue: queue));

        error.Message.ShouldContain("letters, digits");
    }

    [Fact]
    public async Task EnqueueAsync_NameAndBodyAtTheirLimits_AreAcceptedAndNothingBeyond()
    {
        await EnqueueAsync(new string('é', EnqueueRequest.MaxBodyBytes / 2), queue: "$" + new string('q', 127));

        (await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync(new string('é', EnqueueRequest.MaxBodyBytes / 2) + "a"))).Message.ShouldContain("4,194,304");
        await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync(queue: new string('q', 129)));
    }

    [Fact]
    public async Task EnqueueAsync_ImpossibleRequests_AreRefused()
    {
        (await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync("half a \ud83d rocket"))).Message.ShouldContain("surrogate");
        (await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync(supersede: true))).Message.ShouldContain("sequence key");
        (await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync(delay: TimeSpan.FromSeconds(-1)))).Message.ShouldContain("delay");
        await Should.ThrowAsync<ArgumentException>(() => EnqueueAsync(sequence: ""));
        await Should.ThrowAsync<ArgumentException>(() => TakeAsync(0));
        await Should.ThrowAsync<ArgumentException>(() => TakeAsync(lease: TimeSpan.Zero));
        (await Storage.Queues.CountAsync(Queue, default)).Ready.ShouldBe(0);
    }
}
