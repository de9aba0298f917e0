using Ebb.Storage;
using Ebb.TestServers.Postgres;
using Ebb.Worker.Tests.Hosting;

namespace Ebb.Worker.Tests.Timers;

/// <summary>Two hosts over one PostgreSQL database, which is empty when they start.</summary>
public sealed class SharedStoreTests
{
    [Fact]
    public async Task Tick_TwoHostsStartAtOnceAndOneStops_RunsNoOccurrenceTwice()
    {
        Peer.Require(PostgresServer.IsInstalled, PostgresServer.Missing);
        await using var server = await PostgresServer.StartAsync();
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        string[] settings = [$"--Storage={server.Url()}", "--Sample:Schedule=* * * * * *"];
        var hosts = await Task.WhenAll(
            SampleHost.StartAsync(null, first, settings), SampleHost.StartAsync(null, second, settings));
        await using var other = hosts[1];
        await using (hosts[0])
        {
            await SucceededAsync(other, 4);
        }

        await SucceededAsync(other, 7);

        var runs = await TicksAsync(other);
        runs.Select(run => run.IdempotencyKey).ShouldBeUnique();
        runs.Where(run => run.IsFinal).ShouldAllBe(run => run.State == RunState.Superseded || (run.State == RunState.Succeeded && run.Attempts.Count == 1));
        (await other.Storage.Schedules.GetAsync("Tick", default)).ShouldNotBeNull().Schedule.ShouldBe("* * * * * * (UTC)");
    }

    private static Task SucceededAsync(SampleHost host, int count) => SampleHost.EventuallyAsync(
        async () => (await TicksAsync(host)).Count(run => run.State == RunState.Succeeded) >= count, $"{count} ticks");

    private static async Task<IReadOnlyList<Run>> TicksAsync(SampleHost host) =>
        await host.Storage.Runs.ListAsync(new RunQuery { Function = "Tick", Limit = 100 }, default);
}
