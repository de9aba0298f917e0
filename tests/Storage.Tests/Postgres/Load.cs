namespace Ebb.Storage.Tests.Postgres;

/// <summary>Two stores with producers and consumers while something happens to the server, and the account of every message afterwards.</summary>
internal static class Load
{
    private const int Hands = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Works until what happens has happened and a moment longer, then accounts for everything that was accepted.</summary>
    public static async Task RunAsync(HostStorageOptions options, Func<Task> happening)
    {
        options = options with { MaxRuns = 1_000_000 };
        var stores = new[] { await PostgresFixture.OpenAsync(options), await PostgresFixture.OpenAsync(options) };
        var work = new Work(stores, TimeSpan.FromSeconds(5));
        using var over = new CancellationTokenSource();
        var stop = false;
        var consumers = Enumerable.Range(0, Hands).Select(i => Task.Run(() => work.ConsumeAsync(i, 5, over.Token))).ToList();
        var producers = Enumerable.Range(0, Hands).Select(i => Task.Run(() => work.ProduceAsync(
            i, () => !Volatile.Read(ref stop), i == 0 ? "sequence" : null, TimeSpan.FromMilliseconds(2)))).ToList();

        await happening();
        var before = work.Accepted.Count;
        await Task.Delay(1000);
        Volatile.Write(ref stop, true);
        await Task.WhenAll(producers).WaitAsync(Patience);
        await DrainAsync(stores[0]);
        await over.CancelAsync();
        await Task.WhenAll(consumers).WaitAsync(Patience);

        work.Accepted.Count.ShouldBeGreaterThan(Math.Max(100, before));
        await AccountAsync(work, stores);
        await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));
    }

    private static async Task DrainAsync(IHostStorage store)
    {
        var left = 1;
        for (var i = 0; i < 600 && left > 0; i++)
        {
            await Task.Delay(100);
            var counts = await store.Queues.CountAsync("work", default);
            left = counts.Ready + counts.Waiting + counts.Running;
        }
        left.ShouldBe(0);
    }

    private static async Task AccountAsync(Work work, IHostStorage[] stores)
    {
        work.Overlaps.ShouldBeEmpty();
        work.Ended.Values.ShouldAllBe(times => times == 1);
        work.Ended.Keys.Except(work.Accepted).ShouldBeEmpty();
        work.Accepted.Except(work.Ended.Keys).ShouldBeEmpty();
        var states = new List<RunState>();
        foreach (var id in work.Accepted)
            states.Add((await stores[1].Runs.GetAsync(id, default)).ShouldNotBeNull().State);
        states.ShouldAllBe(state => state == RunState.Succeeded || state == RunState.Poisoned);
        var counts = await stores[0].Queues.CountAsync("work", default);
        (counts.Ready, counts.Waiting, counts.Running, counts.Poisoned).ShouldBe((0, 0, 0, states.Count(state => state == RunState.Poisoned)));
    }
}
