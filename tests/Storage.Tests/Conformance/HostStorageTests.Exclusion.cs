using Ebb.Storage.Exclusion;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    private const string Key = "locks/a";

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    public async Task PutAsync_Fence_DecidesWhetherItIsWritten(long? expected)
    {
        var fence = new Fence(Key, """{"hold":1}""");
        (await Storage.Documents.PutAsync("k", "1", expected, fence, default)).ShouldBeNull();
        await Storage.Documents.PutAsync(Key, fence.Token, null, default);
        var first = (await Storage.Documents.PutAsync("k", "1", expected, fence, default)).ShouldNotBeNull();
        var second = (await Storage.Documents.PutAsync("k", "2", first, fence, default)).ShouldNotBeNull();
        (await Storage.Documents.PutAsync("k", "3", first, fence, default)).ShouldBeNull();
        await Storage.Documents.PutAsync(Key, """{"hold":2}""", null, default);

        (await Storage.Documents.PutAsync("k", "3", expected, fence, default)).ShouldBeNull();
        (await Storage.Documents.PutAsync("k", "3", second, fence, default)).ShouldBeNull();
        (await Storage.Documents.DeleteAsync("k", second, fence, default)).ShouldBeFalse();
        (await Storage.Documents.DeleteAsync("k", null, fence, default)).ShouldBeFalse();

        (await Storage.Documents.GetAsync("k", default))!.Value.ShouldBe("2");
        (await Storage.Documents.DeleteAsync("k", second, fence with { Token = """{"hold":2}""" }, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task PutAsync_KeyTakenAndGivenBackMeanwhileByMany_WritesNothingUnderAnotherHold()
    {
        await Storage.Documents.PutAsync("n", "0", null, default);
        await Parallel.ForAsync(1, 9, async (hold, cancellationToken) =>
        {
            for (var i = 0; i < 20; i++)
            {
                // Whoever takes the key writes its mark, and only the mark of who holds it is ever written behind that.
                var fence = new Fence(Key, $"{hold}.{i}");
                await Storage.Documents.PutAsync(Key, fence.Token, null, cancellationToken);
                if (await Storage.Documents.PutAsync("n", fence.Token, null, fence, cancellationToken) is not { } written)
                    continue;
                var taken = (await Storage.Documents.GetAsync(Key, cancellationToken))!;
                (taken.Value == fence.Token || taken.Version > written).ShouldBeTrue($"{fence.Token} was written after {taken.Value} had taken the key");
            }
        });
    }

    [Fact]
    public async Task HoldAsync_WhileItWorks_NobodyElseHoldsIt()
    {
        var (keys, others) = (Keys(), Keys());
        await keys.HoldAsync(Key, "a", async (_, _) =>
        {
            (await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(keys, "b"))).Run.ShouldBe("a");
            (await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(others, "b"))).Since.ShouldBe(Time.GetUtcNow());
            return true;
        }, default);
        await WorkAsync(others, "b");
        await Should.ThrowAsync<InvalidOperationException>(() => keys.HoldAsync<bool>(Key, "a", (_, _) => throw new InvalidOperationException(), default));
        await WorkAsync(others, "b");
        (await Storage.Documents.GetAsync(Key, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Queued)]
    [InlineData(RunState.Succeeded)]
    [InlineData(RunState.Failed)]
    [InlineData(RunState.Poisoned)]
    public async Task HoldAsync_LeftBehindByARunOfAQueue_IsHeldWhileTheRunLives(RunState state)
    {
        var run = await EnqueueAsync();
        var message = await TakeOneAsync();
        await LeaveBehindAsync($"{run}");
        // Known to live: however long it does not renew.
        for (var i = 0; i < 4; i++)
        {
            await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(), "another"));
            Time.Advance(Lease - Moment);
            (await Storage.Queues.RenewAsync(message, Lease, default)).ShouldBeTrue();
        }

        if (state == RunState.Queued)
            Time.Advance(Lease);
        else if (state != RunState.Running)
            await SettleAsync(message, state switch
            {
                RunState.Succeeded => new Settlement.Succeeded(null),
                RunState.Failed => new Settlement.Failed(Error(), null),
                _ => new Settlement.Poisoned(Error(), null),
            });

        if (state == RunState.Running)
            await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(), "another"));
        else
            await WorkAsync(Keys(), "another");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HoldAsync_LeftBehindByARunThatStorageCannotJudge_IsFreeThreeMinutesAfterItsRenewal(bool isRabbitMQ)
    {
        var run = RunId.New(Time);
        if (isRabbitMQ)
            await Storage.Runs.RecordAsync(new Run { Id = run, Function = "Api", Trigger = TriggerKind.RabbitMQ, State = RunState.Running, CreatedAt = Time.GetUtcNow() }, default);
        await LeaveBehindAsync($"{run}");

        Time.Advance(ExclusiveKeys.LapsesAfter - Moment);
        var asks = new ManualTime();
        asks.Jump(TimeSpan.FromDays(365));
        // Storage's clock counts, not that of who asks.
        await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(asks), "another"));
        Time.Advance(Moment);
        await WorkAsync(Keys(asks), "another");
    }

    [Fact]
    public async Task HoldAsync_TheSameRunAfterItsProcessDied_GoesOnAtOnceAndTheEarlierAttemptIsFencedOff()
    {
        var earlier = await Keys().TakeAsync(Key, "a", default);
        await earlier.Documents.PutAsync("k", "1", null, default);

        await Keys().HoldAsync(Key, "a", async (hold, token) =>
        {
            await hold.Documents.PutAsync("k", "2", null, token);
            await Should.ThrowAsync<KeyLostException>(async () => await earlier.Documents.PutAsync("k", "1", null, token));
            await Should.ThrowAsync<KeyLostException>(() => earlier.RequireAsync(token));
            // Whose the key is now stays so.
            await earlier.DisposeAsync();
            await hold.RequireAsync(token);
            return true;
        }, default);

        (await Storage.Documents.GetAsync("k", default))!.Value.ShouldBe("2");
    }

    [Fact]
    public async Task HoldAsync_PausedAndTakenByAnother_IsRefusedAndEndsWhenItGoesOn()
    {
        var (paused, begun, wentOn) = (new ManualTime(), new TaskCompletionSource(), new TaskCompletionSource());
        var work = Keys(paused).HoldAsync(Key, "a", async (hold, token) =>
        {
            begun.SetResult();
            await wentOn.Task;
            await Should.ThrowAsync<KeyLostException>(async () => await hold.Documents.PutAsync("k", "old", null, default));
            await Should.ThrowAsync<KeyLostException>(async () => await hold.Documents.DeleteAsync("k", null, default));
            await Task.Delay(Timeout.Infinite, token);
            return true;
        }, default);
        await begun.Task;
        Time.Advance(ExclusiveKeys.LapsesAfter);

        await Keys().HoldAsync(Key, "b", async (hold, token) =>
        {
            await hold.Documents.PutAsync("k", "new", null, token);
            wentOn.SetResult();
            paused.Advance(ExclusiveKeys.LapsesAfter);
            await Should.ThrowAsync<KeyLostException>(() => work).WaitAsync(Patience, token);
            await hold.RequireAsync(token);
            return true;
        }, default);

        (await Storage.Documents.GetAsync("k", default))!.Value.ShouldBe("new");
    }

    [Fact]
    public async Task HoldAsync_TakenAway_CancelsTheWorkAtTheNextRenewal()
    {
        var begun = new TaskCompletionSource();
        var work = Keys().HoldAsync(Key, "a", async (_, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return true;
        }, default);
        await begun.Task;
        await Storage.Documents.PutAsync(Key, """{"run":"b"}""", null, default);

        Time.Advance(TimeSpan.FromSeconds(45));

        await Should.ThrowAsync<KeyLostException>(() => work).WaitAsync(Patience);
        (await Storage.Documents.GetAsync(Key, default))!.Value.ShouldBe("""{"run":"b"}""");
    }

    [Fact]
    public async Task HoldAsync_Renewed_IsHeldForAsLongAsItWorks()
    {
        await Keys().HoldAsync(Key, "a", async (hold, token) =>
        {
            for (var i = 0; i < 10; i++)
            {
                var version = (await Storage.Documents.GetAsync(Key, token))!.Version;
                Time.Advance(TimeSpan.FromSeconds(45));
                await UntilAsync(async () => (await Storage.Documents.GetAsync(Key, token))!.Version > version);
                await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(), "b"));
            }

            await hold.RequireAsync(token);
            token.IsCancellationRequested.ShouldBeFalse();
            return true;
        }, default);
    }

    [Fact]
    public async Task HoldAsync_StorageIsAwayForAMoment_TheWorkGoesOn()
    {
        var storage = new InterruptedStorage(Storage);
        await Keys(storage).HoldAsync(Key, "a", async (hold, token) =>
        {
            storage.IsAway = true;
            await AfterRenewalAsync(storage);
            await Should.ThrowAsync<HostStorageException>(async () => await hold.Documents.PutAsync("k", "1", null, token));
            storage.IsAway = false;
            await AfterRenewalAsync(storage);
            token.IsCancellationRequested.ShouldBeFalse();
            await hold.Documents.PutAsync("k", "1", null, token);
            return true;
        }, default);
        await WorkAsync(Keys(), "b");
    }

    // Storage may be away for this process alone: the work ends before anybody else may begin.
    [Fact]
    public async Task HoldAsync_StorageStaysAway_TheWorkEndsBeforeTheKeyLapses()
    {
        var (storage, began) = (new InterruptedStorage(Storage), Time.GetUtcNow());
        await Should.ThrowAsync<KeyLostException>(() => Keys(storage).HoldAsync(Key, "a", async (_, token) =>
        {
            storage.IsAway = true;
            while (!token.IsCancellationRequested)
            {
                await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(), "b"));
                Time.Advance(Moment);
            }

            token.ThrowIfCancellationRequested();
            return true;
        }, default));

        (Time.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromMinutes(2), ExclusiveKeys.LapsesAfter - TimeSpan.FromSeconds(20));
        // It could not be given back either.
        await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(), "b"));
        Time.Advance(TimeSpan.FromMinutes(1));
        await WorkAsync(Keys(), "b");
    }

    [Fact]
    public async Task HoldAsync_StoragesClockLeaps_ItIsNoOlderForItsOwnProcess()
    {
        var keys = Keys();
        await keys.HoldAsync(Key, "a", async (_, _) =>
        {
            Time.Jump(TimeSpan.FromHours(1));
            await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(keys, "b"));
            Time.Jump(TimeSpan.FromHours(-2));
            await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(keys, "b"));
            return true;
        }, default);
    }

    // What versions before this one leave, and are still running beside it.
    [Theory]
    [InlineData("""{"run":"$","since":"2026-01-31T02:00:00Z"}""")]
    [InlineData("""{"run":"$","until":"2026-01-31T02:00:00Z"}""")]
    public async Task HoldAsync_LockOfAnEarlierVersion_IsUnderstood(string document)
    {
        var run = await EnqueueAsync();
        var message = await TakeOneAsync();
        await Storage.Documents.PutAsync(Key, document.Replace("$", $"{run}", StringComparison.Ordinal), null, default);
        (await Should.ThrowAsync<KeyHeldException>(() => WorkAsync(Keys(), "another"))).Run.ShouldBe($"{run}");
        await SettleAsync(message);
        await WorkAsync(Keys(), "another");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HoldAsync_ProcessesThatDiePauseAndLeap_TwoNeverHoldItAndNoneWritesForAnother(bool storageLeaps)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("EBB_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"EBB_SEED={seed}");
        var model = new ExclusionModel(Storage, Time, new Random(seed), storageLeaps);
        for (var step = 0; step < 500; step++)
            await model.StepAsync();
    }

    private ExclusiveKeys Keys(TimeProvider? time = null) => new(Storage, time ?? Time, NullLogger<ExclusiveKeys>.Instance);

    private ExclusiveKeys Keys(IHostStorage storage) => new(storage, Time, NullLogger<ExclusiveKeys>.Instance);

    private async Task AfterRenewalAsync(InterruptedStorage storage)
    {
        var writes = storage.Writes;
        Time.Advance(TimeSpan.FromSeconds(45));
        await UntilAsync(() => Task.FromResult(storage.Writes > writes));
    }

    private static Task<bool> WorkAsync(ExclusiveKeys keys, string run) => keys.HoldAsync(Key, run, (_, _) => Task.FromResult(true), default);

    // By a process that is killed: it renews nothing, and nothing is given back.
    private async Task LeaveBehindAsync(string run) => await Keys(new ManualTime()).TakeAsync(Key, run, default);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!await condition())
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Patience);
            await Task.Delay(5);
        }
    }
}
