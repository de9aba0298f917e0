using Ebb.Storage.Exclusion;
using Ebb.Storage.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Roles;

/// <summary>Door, workers and scaler, each with its own role, doing what they are there for.</summary>
public sealed class InstallationTests(PostgresFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Message_DoorToWorkerAndBack_IsDoneAndToldAtOnce()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        var scaler = await installation.OpenAsync(installation.Scaler);
        var woken = scaler.Queues.WaitForWorkAsync([Installation.Changes], default);
        var waiting = bump.Queues.WaitForWorkAsync([Installation.Changes], default);

        var first = await door.Queues.EnqueueAsync(Change("1") with { IdempotencyKey = "k", Caller = "pipeline" }, default);
        (await door.Queues.EnqueueAsync(Change("again") with { IdempotencyKey = "k" }, default)).ShouldBe(new(first.RunId, false));
        var behind = await door.Queues.EnqueueAsync(Change("2"), default);
        await woken.WaitAsync(Patience);
        await waiting.WaitAsync(Patience);
        (await scaler.Queues.CountAsync(Installation.Changes, default)).ShouldSatisfyAllConditions(counts => counts.Ready.ShouldBe(1), counts => counts.Waiting.ShouldBe(1));
        var message = (await TakeAsync(bump)).ShouldHaveSingleItem();
        (message.RunId, message.Body, message.Caller).ShouldBe((first.RunId, "1", "pipeline"));
        await bump.Runs.ReportProgressAsync(message.RunId, "half", default);
        (await bump.Queues.RenewAsync(message, TimeSpan.FromMinutes(2), default)).ShouldBeTrue();
        var answer = door.Runs.WaitAsync(first.RunId, Patience, default);
        await AwaitedAsync(installation);
        (await bump.Queues.SettleAsync(message, new Settlement.Succeeded("{}"), default)).ShouldBeTrue();

        var run = (await answer.WaitAsync(TimeSpan.FromSeconds(5))).ShouldNotBeNull();
        (run.State, run.Result, run.Progress, run.Caller).ShouldBe((RunState.Succeeded, "{}", "half", "pipeline"));
        (await TakeAsync(bump)).ShouldHaveSingleItem().RunId.ShouldBe(behind.RunId);
        (await door.Runs.ListAsync(new(), default)).Count.ShouldBe(2);
        (await scaler.Runs.SummarizeAsync(default)).ShouldHaveSingleItem().Function.ShouldBe("Change");
    }

    [Fact]
    public async Task Message_RetriedPostponedPoisonedAndPutBack_IsTheWorkersToDo()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        var error = new RunError("E", "e");
        await door.Queues.EnqueueAsync(Change("1"), default);
        foreach (var settlement in new Settlement[] { new Settlement.Retried(error, default), new Settlement.Released(), new Settlement.Released(TimeSpan.FromMilliseconds(1)), new Settlement.Poisoned(error) })
        {
            IReadOnlyList<LeasedMessage> taken;
            while ((taken = await TakeAsync(bump)).Count == 0)
                await Task.Delay(5);
            (await bump.Queues.SettleAsync(taken[0], settlement, default)).ShouldBeTrue();
        }

        (await bump.Queues.PeekAsync(Installation.Changes, true, 9, default)).ShouldHaveSingleItem();
        (await bump.Queues.RedriveAsync(Installation.Changes, null, default)).ShouldBe(1);
        (await bump.Queues.PurgeAsync(Installation.Changes, false, default)).ShouldBe(1);
        (await door.Runs.ListAsync(new(), default)).ShouldHaveSingleItem().State.ShouldBe(RunState.Failed);
        (await Should.ThrowAsync<HostStorageException>(async () => await door.Queues.PeekAsync(Installation.Changes, false, 9, default))).Message.ShouldContain("ebb storage migrate");
        (await Should.ThrowAsync<HostStorageException>(async () => await door.Queues.EnqueueAsync(new() { Queue = "unknown", Body = "" }, default))).Message.ShouldContain("ebb storage migrate");
    }

    [Fact]
    public async Task Message_NewerSupersedes_EndsWhatWaitsAndNotWhatRuns()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        var running = await door.Queues.EnqueueAsync(Change("1"), default);
        var message = (await TakeAsync(bump)).ShouldHaveSingleItem();
        var waiting = await door.Queues.EnqueueAsync(Change("2"), default);

        var newest = await door.Queues.EnqueueAsync(Change("3") with { SupersedesWaiting = true }, default);

        (await door.Runs.GetAsync(waiting.RunId, default))!.SupersededBy.ShouldBe(newest.RunId);
        (await door.Runs.GetAsync(running.RunId, default))!.State.ShouldBe(RunState.Running);
        (await bump.Queues.SettleAsync(message, new Settlement.Succeeded(null), default)).ShouldBeTrue();
        (await TakeAsync(bump)).ShouldHaveSingleItem().RunId.ShouldBe(newest.RunId);
    }

    [Fact]
    public async Task RunsWithoutQueue_DoorsAndWorkers_AreRecordedAndShown()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        var mirror = await installation.OpenAsync(installation.Mirror);
        var asked = Run("Ask", TriggerKind.Http);
        var delivered = Run("OnMessage", TriggerKind.RabbitMQ);
        await door.Runs.RecordAsync(asked, default);
        await bump.Runs.RecordAsync(delivered, default);
        await door.Runs.ReportProgressAsync(asked.Id, "half", default);
        await bump.Runs.ReportProgressAsync(delivered.Id, "half", default);
        var answer = door.Runs.WaitAsync(delivered.Id, Patience, default);
        await AwaitedAsync(installation);
        var ended = delivered with { State = RunState.Succeeded, EndedAt = delivered.CreatedAt, Result = "{}" };
        await bump.Runs.RecordAsync(ended, default);
        await bump.Runs.RecordAsync(ended, default);
        await door.Runs.RecordAsync(asked with { State = RunState.Failed, EndedAt = asked.CreatedAt }, default);

        (await answer.WaitAsync(TimeSpan.FromSeconds(5)))!.State.ShouldBe(RunState.Succeeded);
        (await door.Runs.GetAsync(asked.Id, default))!.State.ShouldBe(RunState.Failed);
        (await bump.Runs.GetAsync(delivered.Id, default)).ShouldNotBeNull();
        (await bump.Runs.GetAsync(asked.Id, default)).ShouldBeNull();
        (await mirror.Runs.ListAsync(new(), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task TimersDocumentsAndGauges_WorkersOwn_AreSeenByWhoShowsThem()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        var mirror = await installation.OpenAsync(installation.Mirror);
        var scaler = await installation.OpenAsync(installation.Scaler);
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var state = new ScheduleState(Installation.Timer, "0 * * * * *", null, now, now);
        (await bump.Schedules.TrySetAsync(state, null, default)).ShouldBeTrue();
        var occurrence = new EnqueueRequest { Queue = ScheduleState.QueueOf(Installation.Timer), Body = "{}", SequenceKey = Installation.Timer, SupersedesWaiting = true, IdempotencyKey = "1" };
        (await bump.Schedules.TryClaimAsync(new(state, state with { Last = now, Next = now.AddMinutes(1) }, occurrence), default)).ShouldNotBeNull();
        (await scaler.Schedules.ListAsync(default)).ShouldHaveSingleItem().Last.ShouldBe(now);

        var version = await bump.Documents.PutAsync("secrets/shop/prod", "1", 0, default);
        version = await bump.Documents.PutAsync("secrets/shop/prod", "2", version, default);
        await Gauges.PublishAsync(bump.Documents, "bump/a", [new("ebb_a", "A.", 1, new Dictionary<string, string>())], default);
        await mirror.Documents.PutAsync("image-mirror/signed", "1", null, default);
        (await door.Documents.ListAsync("", default)).ShouldHaveSingleItem().Value.ShouldBe("2");
        (await Gauges.ReadAsync(scaler.Documents, default)).ShouldHaveSingleItem();
        (await bump.Documents.DeleteAsync("secrets/shop/prod", version, default)).ShouldBeTrue();
        (await Should.ThrowAsync<HostStorageException>(async () => await mirror.Documents.PutAsync("secrets/shop/prod", "3", null, default))).Message.ShouldContain(installation.Mirror);
    }

    [Fact]
    public async Task ExclusiveKeys_OfAWorker_AreItsOwnAndNoFenceOfOthers()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        var mirror = await installation.OpenAsync(installation.Mirror);
        await door.Queues.EnqueueAsync(Change("1"), default);
        var message = (await TakeAsync(bump)).ShouldHaveSingleItem();
        var (keys, others) = (KeysOf(bump), KeysOf(await installation.OpenAsync(installation.Bump)));

        await keys.HoldAsync("secrets/lock", $"{message.RunId}", async (hold, token) =>
        {
            await hold.Documents.PutAsync("secrets/shop/prod", "1", null, token);
            // By the run, which this role sees.
            (await Should.ThrowAsync<KeyHeldException>(() => others.TakeAsync("secrets/lock", "another", token))).Run.ShouldBe($"{message.RunId}");
            (await Should.ThrowAsync<HostStorageException>(() => KeysOf(mirror).TakeAsync("secrets/lock", "another", token))).Message.ShouldContain(installation.Mirror);
            var seen = (await bump.Documents.GetAsync("secrets/lock", token))!;
            (await mirror.Documents.PutAsync("image-mirror/a", "1", null, new Fence(seen.Key, seen.Value), token)).ShouldBeNull();
            return true;
        }, default);

        (await door.Documents.ListAsync("", default)).ShouldHaveSingleItem().Value.ShouldBe("1");
    }

    private static ExclusiveKeys KeysOf(IHostStorage storage) => new(storage, TimeProvider.System, NullLogger<ExclusiveKeys>.Instance);

    [Fact]
    public async Task Retention_EachRole_DeletesItsOwnAndTheScalerNothing()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        var door = await installation.OpenAsync(installation.Door);
        var bump = await installation.OpenAsync(installation.Bump);
        await door.Queues.EnqueueAsync(Change("1") with { IdempotencyKey = "k" }, default);
        await bump.Queues.SettleAsync((await TakeAsync(bump)).ShouldHaveSingleItem(), new Settlement.Succeeded(null), default);
        var asked = Run("Ask", TriggerKind.Http);
        await door.Runs.RecordAsync(asked with { State = RunState.Failed, EndedAt = asked.CreatedAt }, default);
        await installation.AskAsync("update runs set ended_at = now() - interval '15 days'");

        foreach (var (role, left) in new[] { (installation.Scaler, 2L), (installation.Mirror, 2L), (installation.Door, 1L), (installation.Bump, 0L) })
        {
            var storage = await installation.OpenAsync(role);
            await storage.Runs.GetAsync(asked.Id, default);
            (await installation.AskAsync("select count(*) from runs")).ShouldBe(left, role);
        }
        (await installation.AskAsync("select count(*) from idempotency_keys")).ShouldBe(0L);
    }

    private static EnqueueRequest Change(string body) => new() { Queue = Installation.Changes, Body = body, SequenceKey = "shop" };

    private static Run Run(string function, TriggerKind trigger) =>
        new() { Id = RunId.New(TimeProvider.System), Function = function, Trigger = trigger, State = RunState.Running, CreatedAt = TimeProvider.System.GetUtcNow() };

    private static async Task<IReadOnlyList<LeasedMessage>> TakeAsync(IHostStorage storage) => await storage.Queues.DequeueAsync(
        new() { Queue = Installation.Changes, Function = "Change", Instance = "i", MaxCount = 5, LeaseDuration = TimeSpan.FromMinutes(1) }, default);

    private static async Task AwaitedAsync(Installation installation)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await installation.AskAsync("select exists (select 1 from messages where awaited union all select 1 from runs where awaited)") is not true)
            await Task.Delay(10, patience.Token);
    }
}
