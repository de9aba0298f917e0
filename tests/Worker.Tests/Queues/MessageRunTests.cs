using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Ebb.Worker.Queues;
using Ebb.Worker.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Queues;

public sealed class MessageRunTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private readonly TemporaryDirectory _directory = new();
    private IHostStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await HostStorage.OpenAsync(
        new HostStorageOptions { Storage = $"sqlite:{_directory.Path}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, default);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Run_LeaseLost_CancelsAndDoesNotSettle()
    {
        var message = await TakeAsync();
        var cancelled = new TaskCompletionSource();
        var running = RunAsync(message, async invocation =>
        {
            await _storage.Queues.SettleAsync(message, new Settlement.Released(), default);
            await Task.Delay(Timeout.Infinite, invocation.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult();
            return InvocationOutcome.Succeeded("\"too late\"");
        });

        await running.WaitAsync(TimeSpan.FromSeconds(30));

        cancelled.Task.IsCompleted.ShouldBeTrue();
        (await _storage.Runs.GetAsync(message.RunId, default))!.State.ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task Run_Succeeds_SettlesWithItsResult()
    {
        var message = await TakeAsync();
        await RunAsync(message, _ => ValueTask.FromResult(InvocationOutcome.Succeeded("""{"a":1}""")));
        var run = (await _storage.Runs.GetAsync(message.RunId, default))!;
        run.State.ShouldBe(RunState.Succeeded);
        run.Result.ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task Run_PipelineBreaks_LeavesTheMessageToItsLease()
    {
        var message = await TakeAsync();
        await RunAsync(message, _ => throw new InvalidOperationException("a fault of the runtime"));
        await SampleHost.EventuallyAsync(
            async () => (await _storage.Queues.CountAsync("q", default)) is { Ready: 1, Running: 0 }, "the message to come back");
    }

    [Fact]
    public async Task Run_TimerMessageThatIsNull_FailsAndIsOver()
    {
        var message = await TakeAsync("null");
        await RunAsync(message, _ => throw new InvalidOperationException("not called"), RetryRulesTests.Timer());
        var run = (await _storage.Runs.GetAsync(message.RunId, default))!;
        run.State.ShouldBe(RunState.Failed);
        run.Error!.Type.ShouldBe(nameof(MessageFormatException));
    }

    private async Task<LeasedMessage> TakeAsync(string body = "{}")
    {
        await _storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "q", Body = body }, default);
        return (await _storage.Queues.DequeueAsync(
            new DequeueRequest { Queue = "q", Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = Lease }, default)).Single();
    }

    private Task RunAsync(LeasedMessage message, InvocationDelegate pipeline, HostedFunction? of = null)
    {
        var function = of ?? RetryRulesTests.Function();
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" }, LeaseDuration = Lease };
        var state = new HostState(TimeProvider.System, NullLogger<HostState>.Instance);
        var services = new ListenerServices(_storage, pipeline, state, new HostOptions(), worker, NullLogger.Instance);
        return new MessageRun(function, new RetryRules(function, new HostOptions()), services)
            .RunAsync(message, TimeProvider.System.GetTimestamp(), new());
    }
}
