using Ebb.TestServers.Postgres;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>A worker is cut off from the database while its lease lapses.</summary>
public sealed class PartitionTests(PostgresFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Lease_LapsesBehindAPartition_AnotherTakesTheWorkAndTheLateSettlementIsRefused()
    {
        var server = await fixture.ServerAsync();
        await using var proxy = new CuttableProxy(server.Port);
        var options = await fixture.OptionsAsync();
        await using var cut = await PostgresFixture.OpenAsync(options with { Storage = server.Url().Replace($":{server.Port}", $":{proxy.Port}") + "&statement_timeout=2" });
        await using var other = await PostgresFixture.OpenAsync(options);
        await other.Queues.EnqueueAsync(new() { Queue = "work", Body = "1", SequenceKey = "s" }, default);
        await other.Queues.EnqueueAsync(new() { Queue = "work", Body = "2", SequenceKey = "s" }, default);
        var first = (await TakeAsync(cut, TimeSpan.FromSeconds(2))).ShouldHaveSingleItem();

        proxy.Cut();
        var late = cut.Queues.SettleAsync(first, new Settlement.Succeeded("\"late\""), default).AsTask();
        IReadOnlyList<LeasedMessage> taken = [];
        while (taken.Count == 0)
        {
            await other.Queues.WaitForWorkAsync(["work"], default).WaitAsync(Patience);
            taken = await TakeAsync(other, TimeSpan.FromMinutes(5));
        }
        (taken.ShouldHaveSingleItem().Body, taken[0].DequeueCount).ShouldBe(("1", 2));
        late.IsCompleted.ShouldBeFalse();
        proxy.Heal();

        (await late.WaitAsync(Patience)).ShouldBeFalse();
        (await TakeAsync(cut, TimeSpan.FromMinutes(5))).ShouldBeEmpty();
        (await other.Queues.SettleAsync(taken[0], new Settlement.Succeeded("\"in time\""), default)).ShouldBeTrue();
        (await other.Runs.GetAsync(first.RunId, default))!.Result.ShouldBe("\"in time\"");
        (await TakeAsync(cut, TimeSpan.FromMinutes(5))).ShouldHaveSingleItem().Body.ShouldBe("2");
    }

    [Fact]
    public async Task Close_WorkUnderASequenceKeyGoesOn_OnlyTheOtherMessagesComeBackAtOnce()
    {
        var options = await fixture.OptionsAsync();
        await using var other = await PostgresFixture.OpenAsync(options);
        await other.Queues.EnqueueAsync(new() { Queue = "work", Body = "ordered", SequenceKey = "s" }, default);
        await other.Queues.EnqueueAsync(new() { Queue = "work", Body = "free" }, default);
        var closing = await PostgresFixture.OpenAsync(options);
        (await TakeAsync(closing, TimeSpan.FromSeconds(6))).Count.ShouldBe(2);

        await closing.DisposeAsync();

        // Whoever closes the store may still run what did not end when it was cancelled: until the lease is over nobody else may.
        (await TakeAsync(other, TimeSpan.FromMinutes(5))).ShouldHaveSingleItem().Body.ShouldBe("free");
        await other.Queues.WaitForWorkAsync(["work"], default).WaitAsync(Patience);
        (await TakeAsync(other, TimeSpan.FromMinutes(5))).ShouldHaveSingleItem().Body.ShouldBe("ordered");
    }

    private static async Task<IReadOnlyList<LeasedMessage>> TakeAsync(IHostStorage store, TimeSpan lease) =>
        await store.Queues.DequeueAsync(new() { Queue = "work", Function = "F", Instance = "i", MaxCount = 5, LeaseDuration = lease }, default);
}
