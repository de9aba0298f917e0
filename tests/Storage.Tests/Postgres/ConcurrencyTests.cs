using Ebb.TestServers.Postgres;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>Several processes' stores on one database.</summary>
public sealed class ConcurrencyTests(PostgresFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Open_TenReplicasAtOnce_MigrateOnce()
    {
        var options = await fixture.OptionsAsync();

        var stores = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => PostgresFixture.OpenAsync(options))));

        foreach (var store in stores)
        {
            (await store.Queues.CountAsync("q", default)).Ready.ShouldBe(0);
            await store.DisposeAsync();
        }
        (await AskAsync(options, "select count(*) from schema_versions")).ShouldBe((long)Storage.Postgres.Migrations.Newest);
    }

    [Fact]
    public async Task Open_SchemaOfANewerProgram_IsRefused()
    {
        var options = await fixture.OptionsAsync();
        await (await PostgresFixture.OpenAsync(options)).DisposeAsync();
        await AskAsync(options, "insert into schema_versions (version) values (99)");

        var error = await Should.ThrowAsync<HostStorageException>(() => PostgresFixture.OpenAsync(options));

        error.Message.ShouldContain("version 99");
        error.Message.ShouldContain("Storage:Schema");
    }

    [Fact]
    public async Task Sequences_EightConsumersInFourStores_RunOneAtATimeInOrder()
    {
        var stores = await OpenAsync(4);
        var work = new Work(stores, TimeSpan.FromMinutes(1));
        using var over = new CancellationTokenSource();
        var consumers = Enumerable.Range(0, 8).Select(i => Task.Run(() => work.ConsumeAsync(i, 3, over.Token))).ToList();

        var left = 300;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => work.ProduceAsync(i, () => Interlocked.Decrement(ref left) >= 0, $"key {i % 3}"))));
        await EventuallyAsync(() => work.Ended.Count >= 300);
        await over.CancelAsync();
        await Task.WhenAll(consumers).WaitAsync(Patience);

        work.Overlaps.ShouldBeEmpty();
        work.Ended.Values.ShouldAllBe(times => times == 1);
        work.Ended.Count.ShouldBe(300);
        await CloseAsync(stores);
    }

    [Fact]
    public async Task Waiting_TwoHundredIdleReplicas_SendsNoStatement()
    {
        // A database of its own, so that only its statements are counted.
        var server = await fixture.ServerAsync();
        var database = PostgresFixture.NewSchema();
        await CountAsync(server, "create extension if not exists pg_stat_statements schema public");
        await CountAsync(server, $"create database {database}");
        var options = new HostStorageOptions { Storage = server.Url(database, "sslmode=disable&pool=1") };
        var stores = new IHostStorage[200];
        await Parallel.ForAsync(0, stores.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => stores[i] = await PostgresFixture.OpenAsync(options));
        Task<long> StatementsAsync() => CountAsync(
            server, $"select coalesce(sum(calls), 0)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = '{database}'");

        var waits = stores.Select(store => store.Queues.WaitForWorkAsync(["work"], default)).ToList();
        await EventuallyAsync(async () => await CountAsync(server, $"select count(*) from pg_stat_activity where datname = '{database}' and query like 'listen%'") >= stores.Length);
        var before = -1L;
        await EventuallyAsync(async () =>
        {
            var last = before;
            before = await StatementsAsync();
            await Task.Delay(1000);
            return before == last;
        });
        await Task.Delay(3000);
        var during = await StatementsAsync() - before;
        waits.ShouldAllBe(wait => !wait.IsCompleted);
        await stores[0].Queues.EnqueueAsync(new() { Queue = "work", Body = "{}" }, default);
        await Task.WhenAll(waits).WaitAsync(Patience);

        during.ShouldBe(0);
        await CloseAsync(stores);
    }

    [Fact]
    public async Task EnqueueAsync_AnotherReplicaWaits_WakesIt()
    {
        var stores = await OpenAsync(2);
        for (var i = 0; i < 20; i++)
        {
            var wait = stores[1].Queues.WaitForWorkAsync(["work"], default);
            await stores[0].Queues.EnqueueAsync(new() { Queue = "work", Body = "{}", Delay = TimeSpan.FromMilliseconds(i % 2 * 50) }, default);
            await wait.WaitAsync(Patience);
            LeasedMessage? message = null;
            await EventuallyAsync(async () => (message = await TakeAsync(stores[1])) is not null);
            var ended = stores[0].Runs.WaitAsync(message!.RunId, Patience, default);
            await stores[1].Queues.SettleAsync(message, new Settlement.Succeeded("1"), default);
            (await ended)!.State.ShouldBe(RunState.Succeeded);
        }
        await CloseAsync(stores);
    }

    [Fact]
    public async Task EnqueueAsync_TwentyReplicasWaitForEach_EachIsTakenOnce()
    {
        var stores = await OpenAsync(20);
        var work = new Work(stores, TimeSpan.FromMinutes(1));
        using var over = new CancellationTokenSource();
        var consumers = Enumerable.Range(0, stores.Length).Select(i => Task.Run(() => work.ConsumeAsync(i, 1, over.Token))).ToList();

        for (var number = 1; number <= 30; number++)
        {
            var once = 1;
            await work.ProduceAsync(number, () => Interlocked.Decrement(ref once) >= 0);
            await EventuallyAsync(() => work.Ended.Count == number);
        }
        await over.CancelAsync();
        await Task.WhenAll(consumers).WaitAsync(Patience);

        work.Ended.Values.ShouldAllBe(times => times == 1);
        await CloseAsync(stores);
    }

    [Fact]
    public async Task DisposeAsync_LeaseHeld_GivesTheMessageToAnotherReplicaAtOnce()
    {
        var stores = await OpenAsync(2);
        await stores[0].Queues.EnqueueAsync(new() { Queue = "work", Body = "{}" }, default);
        (await TakeAsync(stores[0])).ShouldNotBeNull();
        var wait = stores[1].Queues.WaitForWorkAsync(["work"], default);

        await stores[0].DisposeAsync();
        await wait.WaitAsync(Patience);

        (await TakeAsync(stores[1])).ShouldNotBeNull().DequeueCount.ShouldBe(2);
        await stores[1].DisposeAsync();
    }

    private static async Task<LeasedMessage?> TakeAsync(IHostStorage store) =>
        (await store.Queues.DequeueAsync(new() { Queue = "work", Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromMinutes(5) }, default)) is [var message] ? message : null;

    private async Task<IHostStorage[]> OpenAsync(int count)
    {
        var options = await fixture.OptionsAsync();
        var stores = new IHostStorage[count];
        for (var i = 0; i < count; i++)
            stores[i] = await PostgresFixture.OpenAsync(options with { Storage = options.Storage + "&pool=4" });
        return stores;
    }

    private static Task CloseAsync(IHostStorage[] stores) => Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));

    private async Task<object?> AskAsync(HostStorageOptions options, string sql) => await PostgresFixture.AskAsync(await fixture.ServerAsync(), options.Schema, sql);

    private static async Task<long> CountAsync(PostgresServer server, string sql) => Convert.ToInt64(await PostgresFixture.AskAsync(server, "public", sql));

    private static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(20, patience.Token);
    }
}
