using Ebb.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>Runs that no queue carries, when their process is gone.</summary>
public sealed class OrphansTests(PostgresFixture fixture)
{
    [Fact]
    public async Task EndAsync_OneOfTwoProcessesIsGone_FailsItsHttpRunsAfterTheGrace()
    {
        var options = await fixture.OptionsAsync();
        var dying = await PostgresFixture.OpenAsync(options);
        await using var living = await PostgresFixture.OpenAsync(options);
        var http = await RecordAsync(dying, TriggerKind.Http);
        var delivered = await RecordAsync(dying, TriggerKind.RabbitMQ);
        var other = await RecordAsync(living, TriggerKind.Http);
        var time = new ManualTime();
        await using var database = Open(options, time);
        var orphans = new Orphans(database, new(options.Schema));

        (await orphans.EndAsync()).ShouldBeFalse();
        await dying.DisposeAsync();
        await EventuallyAwayAsync(orphans);
        time.Advance(Orphans.Grace / 2);
        (await orphans.EndAsync()).ShouldBeTrue();
        (await living.Runs.GetAsync(http, default))!.State.ShouldBe(RunState.Running);
        time.Advance(Orphans.Grace / 2);
        (await orphans.EndAsync()).ShouldBeFalse();

        var ended = (await living.Runs.GetAsync(http, default))!;
        ended.State.ShouldBe(RunState.Failed);
        ended.Error!.Type.ShouldBe("HostStopped");
        ended.EndedAt.ShouldNotBeNull();
        (await living.Runs.GetAsync(delivered, default))!.State.ShouldBe(RunState.Running);
        (await living.Runs.GetAsync(other, default))!.State.ShouldBe(RunState.Running);
    }

    private static async Task<RunId> RecordAsync(IHostStorage storage, TriggerKind trigger)
    {
        var run = new Run { Id = RunId.New(TimeProvider.System), Function = "F", Trigger = trigger, State = RunState.Running, CreatedAt = TimeProvider.System.GetUtcNow() };
        await storage.Runs.RecordAsync(run, default);
        return run.Id;
    }

    private static PostgresDatabase Open(HostStorageOptions options, ManualTime time)
    {
        var settings = PostgresSettings.Read(options, []);
        return new(PostgresConnections.Open(settings), settings, new(), time, NullLogger.Instance);
    }

    // The server needs a moment to see that a connection is closed.
    private static async Task EventuallyAwayAsync(Orphans orphans)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await orphans.EndAsync())
            await Task.Delay(20, patience.Token);
    }
}
