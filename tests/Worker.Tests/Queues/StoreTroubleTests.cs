using Ebb.Storage;
using Ebb.TestServers.Logs;
using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Ebb.Worker.Queues;
using Ebb.Worker.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Queues;

/// <summary>What becomes of messages while the store refuses to work.</summary>
public sealed class StoreTroubleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly CollectedLogs _logs = new();
    private readonly HostState _state = new(TimeProvider.System, NullLogger<HostState>.Instance);
    private TroubledStorage _storage = null!;
    private int _calls;

    public async ValueTask InitializeAsync() => _storage = new TroubledStorage(await HostStorage.OpenAsync(
        new HostStorageOptions { Storage = $"sqlite:{_directory.Path}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, default));

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _state.Dispose();
        _logs.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Listener_SettleRefusedForAWhile_SettlesTheOneRunWhenItCan()
    {
        _storage.Refuses = [nameof(IQueueStore.SettleAsync)];
        var id = await EnqueueAsync();
        var listening = Listen(Succeed, TimeSpan.FromMinutes(1));
        await RefusedAsync(3);

        (await _storage.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Running);
        _storage.Refuses = [];

        await EndsAsync(id, RunState.Succeeded);
        _calls.ShouldBe(1);
        _logs.Lines.ShouldContain(line => line.Contains("could not be settled as Succeeded yet", StringComparison.Ordinal));
        await StopAsync(listening);
    }

    [Fact]
    public async Task Listener_RenewalRefusedForLessThanTheLease_LetsTheRunGoOn()
    {
        var id = await EnqueueAsync();
        _storage.Refuses = [nameof(IQueueStore.RenewAsync)];
        var listening = Listen(
            async invocation =>
            {
                await RefusedAsync(1);
                _storage.Refuses = [];
                invocation.Cancellation.IsCancellationRequested.ShouldBeFalse();
                return InvocationOutcome.Succeeded(null);
            },
            TimeSpan.FromSeconds(9));

        await EndsAsync(id, RunState.Succeeded);
        _calls.ShouldBe(1);
        await StopAsync(listening);
    }

    [Fact]
    public async Task Listener_SettleAndRenewalRefusedPastTheLease_RunsTheMessageAgain()
    {
        _storage.Refuses = [nameof(IQueueStore.SettleAsync), nameof(IQueueStore.RenewAsync)];
        var id = await EnqueueAsync();
        var listening = Listen(Succeed, TimeSpan.FromMilliseconds(300));
        await SampleHost.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref _calls) >= 2), "a second attempt");

        _storage.Refuses = [];

        await EndsAsync(id, RunState.Succeeded);
        (await _storage.Runs.GetAsync(id, default))!.Attempts.Count.ShouldBeGreaterThan(1);
        await SampleHost.EventuallyAsync(
            () => Task.FromResult(_logs.Lines.Any(line => line.Contains("its lease lapsed first; it runs again", StringComparison.Ordinal))), "the lapse to be said");
        await StopAsync(listening);
    }

    [Theory]
    [InlineData(nameof(IQueueStore.DequeueAsync))]
    [InlineData(nameof(IQueueStore.WaitForWorkAsync))]
    public async Task Listener_TakingRefusedForAWhile_BacksOffAndGoesOn(string operation)
    {
        _storage.Refuses = [operation];
        var listening = Listen(Succeed, TimeSpan.FromMinutes(1));
        await RefusedAsync(4);
        var ids = new List<RunId> { await EnqueueAsync(), await EnqueueAsync() };

        _storage.Refuses = [];

        foreach (var id in ids)
        {
            await EndsAsync(id, RunState.Succeeded);
        }

        // Pauses double from 100 ms on: a loop without them would have tried thousands of times by now.
        _storage.Refused.ShouldBeLessThan(100);
        await StopAsync(listening);
    }

    private async Task<RunId> EnqueueAsync() =>
        (await _storage.EnqueueAsync(new EnqueueRequest { Queue = "q", Body = "{}" }, default)).RunId;

    private async Task EndsAsync(RunId id, RunState state) =>
        (await _storage.Runs.WaitAsync(id, Patience, default)).ShouldNotBeNull().State.ShouldBe(state);

    private Task RefusedAsync(int times) =>
        SampleHost.EventuallyAsync(() => Task.FromResult(_storage.Refused >= times), $"{times} refusals");

    private static ValueTask<InvocationOutcome> Succeed(Invocation invocation) => ValueTask.FromResult(InvocationOutcome.Succeeded(null));

    private Task Listen(InvocationDelegate function, TimeSpan lease)
    {
        InvocationDelegate counted = invocation =>
        {
            Interlocked.Increment(ref _calls);
            return function(invocation);
        };
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" }, LeaseDuration = lease };
        var services = new ListenerServices(_storage, counted, _state, new HostOptions(), worker, _logs.CreateLogger("test"));
        return Task.Run(new QueueListener(RetryRulesTests.Function(), services).RunAsync);
    }

    private async Task StopAsync(Task listening)
    {
        await _state.StopAsync();
        await listening.WaitAsync(Patience);
    }
}
