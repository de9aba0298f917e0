namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    private Run Http(string function = "Hook", RunState state = RunState.Running) => new()
    {
        Id = RunId.New(Time),
        Function = function,
        Trigger = TriggerKind.Http,
        State = state,
        CreatedAt = Time.GetUtcNow(),
        EndedAt = state == RunState.Running ? null : Time.GetUtcNow(),
    };

    [Fact]
    public async Task GetAsync_UnknownRun_IsNull()
    {
        (await Storage.Runs.GetAsync(RunId.New(Time), default)).ShouldBeNull();
        (await Storage.Runs.WaitAsync(RunId.New(Time), Patience, default)).ShouldBeNull();
    }

    [Fact]
    public async Task RecordAsync_HttpRun_IsStoredAndReplacedUntilFinal()
    {
        var run = Http();
        await Storage.Runs.RecordAsync(run, default);
        (await RunAsync(run.Id)).State.ShouldBe(RunState.Running);
        var done = run with { State = RunState.Succeeded, EndedAt = Time.GetUtcNow(), Result = "1" };
        await Storage.Runs.RecordAsync(done, default);
        await Storage.Runs.RecordAsync(run, default);
        await ReopenAsync();

        var stored = await RunAsync(run.Id);
        (stored.State, stored.Result, stored.Function).ShouldBe((RunState.Succeeded, "1", "Hook"));
    }

    [Fact]
    public async Task RecordAsync_RunOfAQueue_IsRefused()
    {
        var run = await RunAsync(await EnqueueAsync());

        await Should.ThrowAsync<ArgumentException>(async () => await Storage.Runs.RecordAsync(run, default));
        await Should.ThrowAsync<ArgumentException>(async () => await Storage.Runs.RecordAsync(run with { Queue = null }, default));
    }

    [Fact]
    public async Task ReportProgressAsync_LiveRun_KeepsTheFirstFiveHundredCharacters()
    {
        var id = await EnqueueAsync();
        var message = await TakeOneAsync();

        await Storage.Runs.ReportProgressAsync(id, "3 of 20", default);
        (await RunAsync(id)).Progress.ShouldBe("3 of 20");
        await Storage.Runs.ReportProgressAsync(id, new string('p', 600), default);
        await SettleAsync(message);
        await Storage.Runs.ReportProgressAsync(id, "too late", default);
        await Storage.Runs.ReportProgressAsync(RunId.New(Time), "nobody", default);

        (await RunAsync(id)).Progress.ShouldBe(new string('p', 500));
    }

    [Fact]
    public async Task ListAsync_Filters_YieldNewestFirst()
    {
        var first = await EnqueueAsync("1");
        var second = await EnqueueAsync("2");
        var third = await EnqueueAsync("3");
        await SettleAsync(await TakeOneAsync());
        var http = Http();
        await Storage.Runs.RecordAsync(http, default);
        await ReopenAsync();

        async Task<IEnumerable<RunId>> Listed(RunQuery query) => (await Storage.Runs.ListAsync(query, default)).Select(run => run.Id);
        (await Listed(new())).ShouldBe([http.Id, third, second, first]);
        (await Listed(new() { State = RunState.Queued })).ShouldBe([third, second]);
        (await Listed(new() { Function = "Work" })).ShouldBe([first]);
        (await Listed(new() { Function = "Work", State = RunState.Succeeded })).ShouldBe([first]);
        (await Listed(new() { Function = "Work", State = RunState.Failed })).ShouldBeEmpty();
        (await Listed(new() { Function = "None" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListAsync_Pages_MeetWithoutGapOrOverlap()
    {
        for (var i = 0; i < 25; i++)
        {
            await EnqueueAsync();
            if (i % 2 == 0)
                await SettleAsync(await TakeOneAsync());
        }
        foreach (var filter in new[] { new RunQuery { Limit = 4 }, new RunQuery { Limit = 4, State = RunState.Succeeded } })
        {
            var all = await Storage.Runs.ListAsync(filter with { Limit = 1000 }, default);
            List<RunId> paged = [];
            for (var query = filter; ; query = query with { Before = paged[^1] })
            {
                var page = await Storage.Runs.ListAsync(query, default);
                if (page.Count == 0)
                    break;
                page.Count.ShouldBeLessThanOrEqualTo(4);
                paged.AddRange(page.Select(run => run.Id));
            }
            paged.ShouldBe(all.Select(run => run.Id));
        }
        (await Storage.Runs.ListAsync(new() { Before = (await Storage.Runs.ListAsync(new(), default))[^1].Id, State = RunState.Queued }, default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task ListAsync_ImpossibleLimit_IsRefused(int limit) =>
        await Should.ThrowAsync<ArgumentException>(async () => await Storage.Runs.ListAsync(new() { Limit = limit }, default));

    [Fact]
    public async Task WaitAsync_RunEnds_CompletesWithIt()
    {
        var id = await EnqueueAsync();
        var wait = Storage.Runs.WaitAsync(id, Patience, default);
        var message = await TakeOneAsync();
        wait.IsCompleted.ShouldBeFalse();

        await SettleAsync(message);

        (await wait.WaitAsync(Patience))!.State.ShouldBe(RunState.Succeeded);
        (await Storage.Runs.WaitAsync(id, TimeSpan.Zero, default))!.State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task WaitAsync_HttpRunEnds_CompletesWithIt()
    {
        var run = Http();
        await Storage.Runs.RecordAsync(run, default);
        var wait = Storage.Runs.WaitAsync(run.Id, Patience, default);

        await Storage.Runs.RecordAsync(run with { State = RunState.Failed, EndedAt = Time.GetUtcNow(), Error = Error() }, default);

        (await wait.WaitAsync(Patience))!.State.ShouldBe(RunState.Failed);
    }

    [Fact]
    public async Task WaitAsync_TimeIsOver_YieldsTheRunAsItIs()
    {
        var id = await EnqueueAsync();
        var wait = Storage.Runs.WaitAsync(id, TimeSpan.FromSeconds(30), default);
        Time.Advance(TimeSpan.FromSeconds(29));
        wait.IsCompleted.ShouldBeFalse();

        Time.Advance(TimeSpan.FromSeconds(1));

        (await wait.WaitAsync(Patience))!.State.ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        var wait = Storage.Runs.WaitAsync(await EnqueueAsync(), Patience, cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
    }

    [Fact]
    public async Task Retention_FinalRunTooOld_IsForgottenWithItsIdempotencyKey()
    {
        await ReopenAsync(retention: TimeSpan.FromDays(1));
        var old = await EnqueueAsync(idempotency: "k");
        await SettleAsync(await TakeOneAsync());
        var live = await EnqueueAsync(delay: TimeSpan.FromDays(9));
        Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        (await EnqueueAsync(idempotency: "k")).ShouldBe(old);
        Time.Advance(TimeSpan.FromSeconds(1));

        (await Storage.Runs.GetAsync(old, default)).ShouldBeNull();
        (await EnqueueAsync(idempotency: "k")).ShouldNotBe(old);
        (await RunAsync(live)).State.ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task Retention_PoisonedRun_IsKeptUntilItsMessageIsGone()
    {
        await ReopenAsync(retention: TimeSpan.FromDays(1), maxRuns: 1);
        var id = await EnqueueAsync();
        await SettleAsync(await TakeOneAsync(), new Settlement.Poisoned(Error()));
        Time.Advance(TimeSpan.FromDays(9));
        (await RunAsync(id)).State.ShouldBe(RunState.Poisoned);

        await Storage.Queues.PurgeAsync(Queue, poisoned: true, default);

        (await Storage.Runs.GetAsync(id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Retention_TooManyFinalRuns_DropsThoseThatEndedFirst()
    {
        await ReopenAsync(maxRuns: 3);
        var ids = new List<RunId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await EnqueueAsync(idempotency: $"{i}"));
            await SettleAsync(await TakeOneAsync());
        }
        var live = await EnqueueAsync();

        (await Storage.Runs.ListAsync(new(), default)).Select(run => run.Id).ShouldBe([live, ids[4], ids[3], ids[2]]);
        await ReopenAsync(maxRuns: 1);
        (await Storage.Runs.ListAsync(new(), default)).Select(run => run.Id).ShouldBe([live, ids[4]]);
    }

    [Fact]
    public async Task Summarize_RunsInEveryState_TellsWhatEachFunctionDid()
    {
        (await Storage.Runs.SummarizeAsync(default)).ShouldBeEmpty();
        await EnqueueAsync();
        await EnqueueAsync();
        await EnqueueAsync();
        await EnqueueAsync(queue: "never-taken");
        var first = await TakeOneAsync();
        Time.Advance(TimeSpan.FromSeconds(7));
        await SettleAsync(first);
        var succeededAt = (await RunAsync(first.RunId)).EndedAt;
        Time.Advance(TimeSpan.FromSeconds(3));
        var second = await TakeOneAsync();
        Time.Advance(TimeSpan.FromSeconds(2));
        await SettleAsync(second, new Settlement.Poisoned(Error()));
        await TakeOneAsync();

        var summary = (await Storage.Runs.SummarizeAsync(default)).ShouldHaveSingleItem();

        summary.Function.ShouldBe("Work");
        summary.Runs.ShouldBe(
            new Dictionary<RunState, int> { [RunState.Succeeded] = 1, [RunState.Poisoned] = 1, [RunState.Running] = 1 }, ignoreOrder: true);
        summary.LastSuccessAt.ShouldBe(succeededAt);
        summary.LastFailureAt.ShouldBe((await RunAsync(second.RunId)).EndedAt);
        summary.LastDuration.ShouldBe(TimeSpan.FromSeconds(2));
    }
}
