using Ebb.Storage.Postgres;
using Ebb.TestServers.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(Ebb.Storage.Tests.Postgres.PostgresFixture))]

namespace Ebb.Storage.Tests.Postgres;

/// <summary>One PostgreSQL server for the whole test run, started by whoever needs it first; each test has a schema of its own.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private static int _schemas;
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync());

    /// <summary>The server; the test is skipped, or fails where peers are required, when PostgreSQL is not installed.</summary>
    public Task<PostgresServer> ServerAsync()
    {
        Require();
        return _server.Value;
    }

    public static void Require() => Peer.Require(PostgresServer.IsInstalled, PostgresServer.Missing);

    public static string NewSchema() => $"ebb_test_{Interlocked.Increment(ref _schemas)}";

    /// <summary>Options for a store in a schema of its own.</summary>
    public async Task<HostStorageOptions> OptionsAsync() => new() { Storage = (await ServerAsync()).Url(), Schema = NewSchema() };

    public static async Task<IHostStorage> OpenAsync(HostStorageOptions options, ManualTime? time = null, ILoggerFactory? loggers = null) =>
        await PostgresHostStorage.OpenAsync(
            options, time is null ? new() : new(Clock(time)), time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, roles: null, default);

    /// <summary>Runs a statement in a schema and yields its first value.</summary>
    public static async Task<object?> AskAsync(PostgresServer server, string schema, string sql)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username={PostgresServer.User};Database=postgres;Search Path={schema},public;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }

    // The database's clock: it goes on with the time that passes, and wall clocks that are set elsewhere do not change it.
    private static Func<DateTimeOffset> Clock(ManualTime time) =>
        () => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromTicks(time.GetTimestamp()) - TimeSpan.FromHours(1);
}
