using Ebb.TestServers.Postgres;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>The server is killed, stopped and away while stores work on it.</summary>
public sealed class ServerFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        PostgresFixture.Require();
        _server = await PostgresServer.StartAsync(new() { Fsync = true });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Server_KilledAndRestartedUnderLoad_EveryMessageEndsExactlyOnce()
    {
        var options = new HostStorageOptions { Storage = _server.Url(), Schema = PostgresFixture.NewSchema(), MaxRuns = 1_000_000 };

        await Load.RunAsync(options, async () =>
        {
            foreach (var kill in new[] { true, false, true })
            {
                await Task.Delay(1000);
                await (kill ? _server.KillAsync() : _server.StopAsync());
                await Task.Delay(300);
                await _server.StartAgainAsync();
            }
        });
    }

    [Fact]
    public async Task Server_Restarted_WaitersFindWhatCameMeanwhile()
    {
        var options = new HostStorageOptions { Storage = _server.Url(), Schema = PostgresFixture.NewSchema() };
        await using var waiting = await PostgresFixture.OpenAsync(options);
        var wait = waiting.Queues.WaitForWorkAsync(["work"], default);
        for (var i = 0; i < 200 && (long)(await PostgresFixture.AskAsync(_server, "public", "select count(*) from pg_stat_activity where query like 'listen%'"))! == 0; i++)
            await Task.Delay(50);

        // The message is there before anybody listens again: no notification tells of it.
        await PostgresFixture.AskAsync(_server, options.Schema,
            """
            insert into messages (id, seq, position, queue, place, trigger, visible_at, created_at, body)
            values (gen_random_uuid(), 1, 1, 'work', 0, 2, now(), now(), '{}')
            """);
        wait.IsCompleted.ShouldBeFalse();
        await _server.KillAsync();
        await _server.StartAgainAsync();

        await wait.WaitAsync(Patience);
    }

    [Fact]
    public async Task Server_AwayForAMoment_IsNoErrorForCallers()
    {
        var options = new HostStorageOptions { Storage = _server.Url(), Schema = PostgresFixture.NewSchema() };
        await using var storage = await PostgresFixture.OpenAsync(options);
        await _server.StopAsync();

        var enqueue = storage.Queues.EnqueueAsync(new() { Queue = "work", Body = "{}" }, default).AsTask();
        var put = storage.Documents.PutAsync("k", "1", 0, default).AsTask();
        await Task.Delay(1000);
        await _server.StartAgainAsync();

        (await enqueue).Created.ShouldBeTrue();
        (await put).ShouldNotBeNull();
    }
}
