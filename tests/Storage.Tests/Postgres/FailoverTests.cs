using Ebb.TestServers.Postgres;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>A primary with a synchronous standby: the primary is lost and the standby takes its place.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private PostgresServer _primary = null!;
    private PostgresServer _standby = null!;
    private CuttableProxy _replication = null!;

    public async ValueTask InitializeAsync()
    {
        PostgresFixture.Require();
        _primary = await PostgresServer.StartAsync();
        _replication = new(_primary.Port);
        _standby = await _primary.StartStandbyAsync(_replication.Port);
        await AskAsync(_primary, "alter system set synchronous_standby_names = '*'");
        await AskAsync(_primary, "select pg_reload_conf()");
        for (var i = 0; (long)(await AskAsync(_primary, "select count(*) from pg_stat_replication where sync_state = 'sync'"))! == 0; i++)
        {
            i.ShouldBeLessThan(600, "the standby follows");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
        await _replication.DisposeAsync();
    }

    [Fact]
    public async Task Primary_LostUnderLoad_EveryAcknowledgedMessageEndsExactlyOnceOnTheStandby() =>
        await Load.RunAsync(Options(), async () =>
        {
            await Task.Delay(2000);
            await _primary.KillAsync();
            await Task.Delay(1000);
            await _standby.PromoteAsync();
            await Task.Delay(2000);
        });

    [Fact]
    public async Task Primary_Lost_WaitersHearWhatComesOnTheStandby()
    {
        var options = Options();
        await using var waiting = await PostgresFixture.OpenAsync(options);
        await using var other = await PostgresFixture.OpenAsync(options);
        var wait = waiting.Queues.WaitForWorkAsync(["work"], default);
        await _primary.KillAsync();
        await _standby.PromoteAsync();

        (await EnqueueAsync(other)).Created.ShouldBeTrue();

        await wait.WaitAsync(Patience);
    }

    [Fact]
    public async Task Enqueue_OnThePrimaryOnly_IsReportedAsDoneOnceItIsOnTheStandby()
    {
        var options = Options("statement_timeout=1");
        await using var storage = await PostgresFixture.OpenAsync(options);
        _replication.Cut();
        var enqueue = EnqueueAsync(storage);

        // Seen there once the client has given up waiting.
        for (var i = 0; await CountAsync(_primary, options) == 0; i++)
        {
            i.ShouldBeLessThan(600, "the primary commits");
            await Task.Delay(50);
        }
        await _primary.KillAsync();
        await _standby.PromoteAsync();

        (await enqueue.WaitAsync(Patience)).Created.ShouldBeTrue();
        (await CountAsync(_standby, options)).ShouldBe(1);
    }

    private HostStorageOptions Options(string parameters = "pool=10") => new()
    {
        Storage = $"postgres://{PostgresServer.User}@127.0.0.1:{_primary.Port},127.0.0.1:{_standby.Port}/postgres?sslmode=disable&{parameters}",
        Schema = PostgresFixture.NewSchema(),
    };

    private static Task<EnqueueResult> EnqueueAsync(IHostStorage storage) =>
        storage.Queues.EnqueueAsync(new() { Queue = "work", Body = "1", IdempotencyKey = "k" }, default).AsTask();

    private static async Task<long> CountAsync(PostgresServer server, HostStorageOptions options) =>
        (long)(await PostgresFixture.AskAsync(server, options.Schema, "select count(*) from messages"))!;

    private static Task<object?> AskAsync(PostgresServer server, string sql) => PostgresFixture.AskAsync(server, "public", sql);
}
