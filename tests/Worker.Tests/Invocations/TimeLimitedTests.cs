using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Ebb.Worker.Tests.Queues;
using Ebb.Worker.Tests.Timers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Invocations;

public sealed class TimeLimitedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // What a timer's callback throws ends the process.
    [Fact]
    public async Task Limit_FunctionsOwnCallbackThrows_EndsTheCallAndNothingElse()
    {
        var clock = new FakeClock(DateTimeOffset.UnixEpoch);
        using var state = new HostState(clock, NullLogger<HostState>.Instance);
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" } };
        var pipeline = InvocationPipeline.Fold(
            async invocation =>
            {
                using var registered = invocation.Token.Register(() => throw new InvalidOperationException("It breaks when it is cancelled."));
                await Task.Delay(Timeout.Infinite, invocation.Token);
                return InvocationOutcome.Succeeded(null);
            },
            ErrorsMapped.Using(new HostOptions { FunctionTimeout = Limit }, NullLogger.Instance),
            TimeLimited.Using(new HostOptions { FunctionTimeout = Limit }, worker, state));
        var call = pipeline(new Invocation
        {
            Function = RetryRulesTests.Function(),
            RunId = RunId.New(clock),
            Trigger = TriggerKind.Queue,
            TriggerData = "",
            Cancellation = default,
        }).AsTask();

        await clock.PassAsync(Limit, waiting: 0);

        (await call.WaitAsync(TimeSpan.FromSeconds(30))).Error!.Type.ShouldBe("Timeout");
    }

    [Fact]
    public async Task Limit_RecyclingComesBeforeTheLimitsOwnTimer_IsATimeoutAllTheSame()
    {
        var clock = new HeldTimers();
        using var state = new HostState(clock, NullLogger<HostState>.Instance);
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" }, Grace = TimeSpan.Zero };
        var invocation = new Invocation { Function = RetryRulesTests.Function(), RunId = RunId.New(TimeProvider.System), Trigger = TriggerKind.Queue, TriggerData = "", Cancellation = default };
        var never = new TaskCompletionSource<InvocationOutcome>();
        var call = TimeLimited.Using(new HostOptions { FunctionTimeout = Limit }, worker, state)(_ => new(never.Task))(invocation).AsTask();

        clock.Callbacks[^1]();

        (await state.Recycled.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(invocation.Function.Name);
        invocation.TimedOut.ShouldBeTrue();
        invocation.Token.IsCancellationRequested.ShouldBeTrue();
        never.SetResult(InvocationOutcome.Succeeded(null));
        await call;
    }

    /// <summary>Timers that are due when the test says so.</summary>
    private sealed class HeldTimers : TimeProvider
    {
        public List<Action> Callbacks { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Callbacks.Add(() => callback(state));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
