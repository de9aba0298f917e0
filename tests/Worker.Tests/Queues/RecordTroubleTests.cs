using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;
using Ebb.Worker.Http;
using Ebb.Worker.Invocations;
using Ebb.Worker.Queues;
using Ebb.Worker.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Queues;

/// <summary>What is not carried by a queue of the store does not wait for a store that does not answer.</summary>
public sealed class RecordTroubleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly HostState _state = new(TimeProvider.System, NullLogger<HostState>.Instance);
    private TroubledStorage _storage = null!;

    private FunctionKeys Keys => new(_directory.File("no-keys"), TimeProvider.System, NullLogger<FunctionKeys>.Instance);

    public async ValueTask InitializeAsync() => _storage = new TroubledStorage(await HostStorage.OpenAsync(
        new HostStorageOptions { Storage = $"sqlite:{_directory.Path}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, default));

    public async ValueTask DisposeAsync()
    {
        _storage.Heal();
        await _storage.DisposeAsync();
        _state.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task BrokerMessage_StoreDoesNotAnswer_IsHandledAllTheSame()
    {
        _storage.Hangs = [nameof(IRunStore.RecordAsync), nameof(IRunStore.GetAsync), nameof(IRunStore.ReportProgressAsync)];
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" } };
        var services = new ListenerServices(_storage, SlowAsync, _state, new HostOptions(), worker, NullLogger.Instance);

        var settlement = await new TriggeredFunction(RetryRulesTests.Function(), services, Keys).RunAsync(Message(), identified: true).WaitAsync(Patience);

        settlement.ShouldBe(new Settlement.Succeeded("1"));
        _storage.Hung.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task BrokerMessage_StoreAnswersLate_RunIsRecordedAsItEnded()
    {
        _storage.Hangs = [nameof(IRunStore.RecordAsync)];
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" } };
        var services = new ListenerServices(_storage, SlowAsync, _state, new HostOptions(), worker, NullLogger.Instance);
        var message = Message();
        await new TriggeredFunction(RetryRulesTests.Function(), services, Keys).RunAsync(message, identified: true).WaitAsync(Patience);

        _storage.Heal();

        await SampleHost.EventuallyAsync(
            async () => await _storage.Runs.GetAsync(message.RunId, default) is { State: RunState.Succeeded, Result: "1" }, "the run's end");
    }

    // The sender of a message chooses its headers, the run's id among them.
    [Fact]
    public async Task BrokerMessage_RunIdIsThatOfAQueuesMessage_IsHandledOnceAllTheSame()
    {
        var taken = await _storage.EnqueueAsync(new EnqueueRequest { Queue = "q", Body = "{}" }, default);
        var worker = new WorkerOptions { Storage = new HostStorageOptions { Storage = "sqlite:unused.db" } };
        var services = new ListenerServices(_storage, SlowAsync, _state, new HostOptions(), worker, NullLogger.Instance);

        var settlement = await new TriggeredFunction(RetryRulesTests.Function(), services, Keys).RunAsync(Message() with { RunId = taken.RunId }, identified: true);

        settlement.ShouldBe(new Settlement.Succeeded("1"));
        (await _storage.Runs.GetAsync(taken.RunId, default))!.State.ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task HttpCall_StoreDoesNotAnswer_EndsAllTheSame()
    {
        _storage.Hangs = [nameof(IRunStore.RecordAsync)];
        var pipeline = InvocationPipeline.Fold(_ => ValueTask.FromResult(InvocationOutcome.Succeeded("1")), Recorded.Using(_storage.Runs, _state, NullLogger.Instance));
        var invocation = new Invocation
        {
            Function = RetryRulesTests.Function(),
            RunId = RunId.New(TimeProvider.System),
            Trigger = TriggerKind.Http,
            TriggerData = new DefaultHttpContext(),
            Cancellation = default,
        };

        (await pipeline(invocation).AsTask().WaitAsync(Patience)).Kind.ShouldBe(OutcomeKind.Succeeded);
    }

    [Fact]
    public async Task Enqueued_StoreIsLostWhileTheCallerWaits_SaysThatTheWorkIsAccepted()
    {
        _storage.Refuses = [nameof(IRunStore.WaitAsync)];
        await using var services = new ServiceCollection().AddSingleton<IHostStorage>(_storage).AddSingleton(_state).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Request.QueryString = new QueryString("?wait=10s");
        using var body = new MemoryStream();
        http.Response.Body = body;

        await RunAnswers.Enqueued(new EnqueueRequest { Queue = "q", Body = "{}" }).ExecuteAsync(http);

        http.Response.StatusCode.ShouldBe(StatusCodes.Status202Accepted);
        var run = (await _storage.Runs.ListAsync(new RunQuery(), default)).ShouldHaveSingleItem();
        http.Response.Headers.Location.ToString().ShouldBe($"/api/runs/{run.Id}");
        System.Text.Encoding.UTF8.GetString(body.ToArray()).ShouldContain($"{run.Id}");
    }

    private static async ValueTask<InvocationOutcome> SlowAsync(Invocation invocation)
    {
        invocation.ReportProgress("half of it");
        await Task.Delay(200, invocation.Cancellation);
        return InvocationOutcome.Succeeded("1");
    }

    private static LeasedMessage Message() => new()
    {
        RunId = RunId.New(TimeProvider.System),
        Queue = "q",
        Body = "{}",
        DequeueCount = 2,
        LeaseToken = Guid.Empty,
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        EnqueuedAt = DateTimeOffset.UnixEpoch,
        Trigger = TriggerKind.RabbitMQ,
    };
}
