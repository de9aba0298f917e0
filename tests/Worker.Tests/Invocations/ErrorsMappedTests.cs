using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Invocations;
using Ebb.Worker.Tests.Queues;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Invocations;

public sealed class ErrorsMappedTests
{
    [Fact]
    public async Task Map_StoreInTrouble_Is503() =>
        (await OutcomeOfAsync(new HostStorageException("The disk is full."))).StatusCode.ShouldBe(503);

    [Fact]
    public async Task Map_FunctionsOwnVerdict_KeepsItsReport()
    {
        var outcome = await OutcomeOfAsync(new FunctionFailedException("No.") { Report = "[1]" });
        outcome.Kind.ShouldBe(OutcomeKind.Failed);
        outcome.Result.ShouldBe("[1]");
    }

    [Fact]
    public async Task Map_CancelledByTheHost_IsNotItsFault()
    {
        using var host = new CancellationTokenSource();
        await host.CancelAsync();
        (await OutcomeOfAsync(new HttpRequestException("The connection was aborted."), cancellation: host.Token)).Kind.ShouldBe(OutcomeKind.Cancelled);
    }

    [Fact]
    public async Task Map_CancelledForItsOwnReasons_Failed() =>
        (await OutcomeOfAsync(new TaskCanceledException("its own time limit"))).Kind.ShouldBe(OutcomeKind.Failed);

    [Theory]
    [InlineData(TriggerKind.Queue)]
    [InlineData(TriggerKind.Timer)]
    [InlineData(TriggerKind.Manual)]
    public async Task Map_Postponed_WaitsWithoutAnError(TriggerKind trigger)
    {
        var outcome = await OutcomeOfAsync(new FunctionPostponedException(TimeSpan.FromSeconds(7), "waiting for image"), trigger: trigger);
        (outcome.Kind, outcome.Delay, outcome.Error).ShouldBe((OutcomeKind.Postponed, TimeSpan.FromSeconds(7), null));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(100 * 86_400, 7 * 86_400)]
    public async Task Map_PostponedBeyondWhatCanBeStored_WaitsWithinIt(int seconds, int expected)
    {
        var outcome = await OutcomeOfAsync(new FunctionPostponedException(TimeSpan.FromSeconds(seconds), "waiting for image"));
        outcome.Delay.ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Theory]
    [InlineData(TriggerKind.Http)]
    [InlineData(TriggerKind.RabbitMQ)]
    public async Task Map_PostponedWhereNothingCanWait_Failed(TriggerKind trigger)
    {
        var outcome = await OutcomeOfAsync(new FunctionPostponedException(TimeSpan.FromSeconds(7), "Waiting for image."), trigger: trigger);
        outcome.Kind.ShouldBe(OutcomeKind.Failed);
        outcome.Error!.Message.ShouldStartWith("Waiting for image. A function started by");
    }

    private static async Task<InvocationOutcome> OutcomeOfAsync(
        Exception thrown, TriggerKind trigger = TriggerKind.Queue, CancellationToken cancellation = default)
    {
        var pipeline = InvocationPipeline.Fold(_ => throw thrown, ErrorsMapped.Using(new HostOptions(), NullLogger.Instance));
        return await pipeline(new Invocation
        {
            Function = RetryRulesTests.Function(),
            RunId = RunId.New(TimeProvider.System),
            Trigger = trigger,
            TriggerData = "",
            Cancellation = cancellation,
        });
    }
}
