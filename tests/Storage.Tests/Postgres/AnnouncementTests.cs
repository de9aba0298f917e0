using Ebb.Storage.Postgres;
using Ebb.TestServers.Postgres;
using Npgsql;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>Who waits is told of every message.</summary>
public sealed class AnnouncementTests(PostgresFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task EnqueueAsync_OneAfterTheOther_EachIsFollowedByAnAnnouncement()
    {
        var options = await fixture.OptionsAsync();
        await using var producer = await PostgresFixture.OpenAsync(options);
        await using var heard = await HeardAsync(options);
        for (var number = 0; number < 50; number++)
        {
            var before = heard.Count;
            await EnqueueAsync(producer);
            await heard.MoreThanAsync(before);
        }
    }

    private static async Task<Announced> HeardAsync(HostStorageOptions options)
    {
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={new Uri(options.Storage).Port};Username={PostgresServer.User};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using (var command = new NpgsqlCommand($"listen {new Channels(options.Schema).Queue("work")}", connection))
            await command.ExecuteNonQueryAsync();
        return new(connection);
    }

    /// <summary>What was announced of the queue.</summary>
    private sealed class Announced : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;

        public Announced(NpgsqlConnection connection)
        {
            _connection = connection;
            connection.Notification += (_, _) => Count++;
        }

        public int Count { get; private set; }

        public async Task MoreThanAsync(int count)
        {
            while (Count <= count)
                (await _connection.WaitAsync(Patience)).ShouldBeTrue("a message was not announced");
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }

    [Fact]
    public async Task DequeueAsync_OnlyAnOlderOneIsLeft_TakesIt()
    {
        var options = await fixture.OptionsAsync();
        await using var busy = await PostgresFixture.OpenAsync(options);
        await using var other = await PostgresFixture.OpenAsync(options);
        for (var i = 0; i < 3; i++)
            await EnqueueAsync(busy);
        var oldest = (await TakeAsync(other, 1)).ShouldHaveSingleItem();
        (await TakeAsync(busy, 2)).Count.ShouldBe(2);
        await other.Queues.SettleAsync(oldest, new Settlement.Released(), default);

        (await TakeAsync(busy, 2)).ShouldHaveSingleItem().RunId.ShouldBe(oldest.RunId);
    }

    private static async Task EnqueueAsync(IHostStorage store) => await store.Queues.EnqueueAsync(new() { Queue = "work", Body = "{}" }, default);

    private static async Task<IReadOnlyList<LeasedMessage>> TakeAsync(IHostStorage store, int count) => await store.Queues.DequeueAsync(
        new() { Queue = "work", Function = "F", Instance = "i", MaxCount = count, LeaseDuration = TimeSpan.FromMinutes(5) }, default);
}
