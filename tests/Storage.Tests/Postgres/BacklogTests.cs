using Ebb.Storage.Postgres;
using Ebb.TestServers.Postgres;
using Npgsql;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>What spares the database work under load must hide no message.</summary>
public sealed class BacklogTests(PostgresFixture fixture)
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

    [Fact]
    public async Task EnqueueAsync_ManyAtOnce_AreAnnouncedTogetherAndToTheLast()
    {
        var options = await fixture.OptionsAsync();
        var producer = await PostgresFixture.OpenAsync(options);
        await using var heard = await HeardAsync(options);
        for (var number = 0; number < 400; number++)
            await EnqueueAsync(producer);
        var before = heard.Count;

        await producer.DisposeAsync();

        // What was owed when the store was closed is among them.
        await heard.QuietAsync();
        heard.Count.ShouldBeInRange(Math.Max(1, before), 399);
        heard.Payloads.ShouldAllBe(payload => payload.Length == 0);
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
            connection.Notification += (_, message) => Payloads.Add(message.Payload);
        }

        public List<string> Payloads { get; } = [];

        public int Count => Payloads.Count;

        public async Task MoreThanAsync(int count)
        {
            while (Count <= count)
                (await _connection.WaitAsync(Patience)).ShouldBeTrue("a message was not announced");
        }

        /// <summary>Completes when nothing more is on its way.</summary>
        public async Task QuietAsync()
        {
            while (await _connection.WaitAsync(TimeSpan.FromMilliseconds(500)))
            {
            }
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }

    [Fact]
    public async Task DequeueAsync_OlderOneComesBackElsewhere_IsTakenWithinAMoment()
    {
        var options = await fixture.OptionsAsync();
        await using var busy = await PostgresFixture.OpenAsync(options);
        await using var other = await PostgresFixture.OpenAsync(options);
        for (var i = 0; i < 400; i++)
            await EnqueueAsync(busy);
        var oldest = (await TakeAsync(other, 1)).ShouldHaveSingleItem();
        (await TakeAsync(busy, 16)).Count.ShouldBe(16);
        await other.Queues.SettleAsync(oldest, new Settlement.Released(), default);

        var began = TimeProvider.System.GetTimestamp();
        IReadOnlyList<LeasedMessage> taken;
        do
        {
            taken = await TakeAsync(busy, 1);
        }
        while (taken[0].RunId != oldest.RunId && TimeProvider.System.GetElapsedTime(began) < Patience);

        taken[0].RunId.ShouldBe(oldest.RunId);
        (await busy.Queues.CountAsync("work", default)).Ready.ShouldBeGreaterThan(0, "the oldest was not the last that was left");
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
