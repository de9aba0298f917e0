using System.Collections.Concurrent;
using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Ebb.Worker.Queues;
using Ebb.Worker.Tests.Hosting;
using Ebb.Worker.Tests.Timers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Queues;

/// <summary>A store that does not answer while work under a lease goes on.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string[] Cut = [nameof(IQueueStore.RenewAsync), nameof(IQueueStore.SettleAsync)];

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeClock _clock = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHostStorage _inner = null!;
    private TroubledStorage _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _inner = await HostStorage.OpenAsync(
            new HostStorageOptions { Storage = $"sqlite:{_directory.Path}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, default);
        _storage = new TroubledStorage(_inner);
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        _storage.Heal();
        await _storage.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Run_SequencedAndIgnoresItsCancellation_HaltsTheProcessBeforeTheLeaseIsOver()
    {
        var (id, state, running) = await RunAsync("key", IgnoreAsync);
        _storage.Hangs = Cut;

        await _clock.PassAsync(26.8 * Second);
        state.Halted.IsCompleted.ShouldBeFalse();
        await _clock.PassAsync(0.3 * Second, waiting: 0);

        await state.Halted.WaitAsync(Patience);
        await running.WaitAsync(Patience);
        (await _inner.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Running, "nothing was settled while it still runs");
    }

    [Fact]
    public async Task Run_NotSequencedAndIgnoresItsCancellation_LetsTheProcessGoOn()
    {
        var (_, state, running) = await RunAsync(null, IgnoreAsync);
        _storage.Hangs = Cut;
        await _clock.PassAsync(28 * Second, waiting: 0);
        await _clock.PassAsync(3 * Second, waiting: 0);

        running.IsCompleted.ShouldBeFalse();
        _end.SetResult();
        await running.WaitAsync(Patience);

        state.Halted.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_EndsWhenToldToAndTheStoreIsBack_IsSettled()
    {
        _storage.Hangs = [nameof(IQueueStore.RenewAsync)];
        var (id, state, running) = await RunAsync("key", async invocation =>
        {
            _begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, invocation.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return InvocationOutcome.Succeeded("\"just in time\"");
        });
        await _begun.Task.WaitAsync(Patience);

        await _clock.PassAsync(22.6 * Second, waiting: 0);
        await running.WaitAsync(Patience);

        state.Halted.IsCompleted.ShouldBeFalse();
        (await _inner.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task Abandon_SequencedAndIgnoresItsCancellation_KeepsItsSequence()
    {
        var (id, state, running) = await RunAsync("key", IgnoreAsync);
        await state.StopAsync();
        state.EndGrace();
        state.Abandon();

        await running.WaitAsync(Patience);

        (await _inner.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Running, "its successor waits until this process is gone");
    }

    [Fact]
    public async Task Listeners_OneIsCutOff_RunsOfOneSequenceNeverMeet()
    {
        var lease = TimeSpan.FromSeconds(6);
        var (together, most) = (0, 0);
        var ended = new ConcurrentQueue<RunId>();
        InvocationDelegate Function(Func<Invocation, Task> work) => async invocation =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref together));
            await work(invocation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref together);
            ended.Enqueue(invocation.RunId);
            return invocation.Cancellation.IsCancellationRequested
                ? InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "cut off") : InvocationOutcome.Succeeded(null);
        };
        var first = await EnqueueAsync(_inner, "key");
        using var cutState = new HostState(TimeProvider.System, NullLogger<HostState>.Instance);
        var cutOff = Task.Run(Listener(_storage, cutState, lease, Function(invocation =>
        {
            _begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, invocation.Cancellation);
        })).RunAsync);
        await _begun.Task.WaitAsync(Patience);
        _storage.Hangs = [.. Cut, nameof(IQueueStore.DequeueAsync)];
        var second = await EnqueueAsync(_inner, "key");
        using var state = new HostState(TimeProvider.System, NullLogger<HostState>.Instance);
        var healthy = Task.Run(Listener(_inner, state, lease, Function(_ => Task.Delay(200))).RunAsync);

        foreach (var id in new[] { first, second })
        {
            (await _inner.Runs.WaitAsync(id, Patience, default)).ShouldNotBeNull().State.ShouldBe(RunState.Succeeded);
        }

        most.ShouldBe(1);
        ended.ShouldBe([first, first, second]);
        cutState.Halted.IsCompleted.ShouldBeFalse();
        _storage.Heal();
        await Task.WhenAll(state.StopAsync(), cutState.StopAsync());
        await Task.WhenAll(healthy, cutOff).WaitAsync(Patience);
    }

    [Fact]
    public async Task Drain_StoreAnswersLate_HandsBackWhatItGivesUncounted()
    {
        var id = await EnqueueAsync(_inner, null);
        _storage.Hangs = [nameof(IQueueStore.DequeueAsync)];
        using var state = new HostState(TimeProvider.System, NullLogger<HostState>.Instance);
        var listening = Task.Run(Listener(_storage, state, Second * 30, IgnoreAsync).RunAsync);
        await SampleHost.EventuallyAsync(() => Task.FromResult(_storage.Hung > 0), "the listener to ask");

        await state.StopAsync();
        _storage.Heal();
        await listening.WaitAsync(Patience);

        var run = (await _inner.Runs.GetAsync(id, default))!;
        run.State.ShouldBe(RunState.Queued);
        run.Attempts.ShouldBeEmpty();
        _begun.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Drain_StoreDoesNotAnswer_EndsAllTheSame()
    {
        _storage.Hangs = [nameof(IQueueStore.DequeueAsync)];
        using var state = new HostState(_clock, NullLogger<HostState>.Instance);
        var listening = Task.Run(Listener(_storage, state, Second * 30, IgnoreAsync).RunAsync);
        await SampleHost.EventuallyAsync(() => Task.FromResult(_storage.Hung > 0), "the listener to ask");
        await state.StopAsync();

        await _clock.WaitUntilParkedAsync(1);
        await _clock.PassAsync(6 * Second, waiting: 0);

        await listening.WaitAsync(Patience);
    }

    private async ValueTask<InvocationOutcome> IgnoreAsync(Invocation invocation)
    {
        _begun.TrySetResult();
        await _end.Task;
        return InvocationOutcome.Succeeded(null);
    }

    private async Task<(RunId Id, HostState State, Task Running)> RunAsync(string? key, InvocationDelegate function)
    {
        var id = await EnqueueAsync(_inner, key);
        var message = (await _inner.Queues.DequeueAsync(
            new DequeueRequest { Queue = "q", Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromHours(1) }, default)).Single();
        var state = new HostState(_clock, NullLogger<HostState>.Instance);
        var running = new MessageRun(RetryRulesTests.Function(), new RetryRules(RetryRulesTests.Function(), new HostOptions()), Services(_storage, state, Second * 30, function))
            .RunAsync(message, _clock.GetTimestamp(), new());
        return (id, state, running);
    }

    private static async Task<RunId> EnqueueAsync(IHostStorage storage, string? key) =>
        (await storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "q", Body = "{}", SequenceKey = key }, default)).RunId;

    private static QueueListener Listener(IHostStorage storage, HostState state, TimeSpan lease, InvocationDelegate function) =>
        new(RetryRulesTests.Function(), Services(storage, state, lease, function));

    private static ListenerServices Services(IHostStorage storage, HostState state, TimeSpan lease, InvocationDelegate function)
    {
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" }, LeaseDuration = lease };
        return new ListenerServices(storage, function, state, new HostOptions(), worker, NullLogger.Instance);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
