using Ebb.Storage.Roles;
using Ebb.Storage.Tests.Postgres;
using Ebb.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Ebb.Storage.Tests.Roles;

/// <summary>A schema of its own with an owner, a door, two workers and a scaler, none of them a superuser.</summary>
internal sealed class Installation(PostgresServer server, string schema) : IAsyncDisposable
{
    public const string Changes = "secret-changes";
    public const string Images = "image-mirror";
    public const string Timer = "Refresh";

    private readonly List<IHostStorage> _open = [];

    public string Schema => schema;

    public string Owner => $"{schema}_owner";

    public string Door => $"{schema}_door";

    public string Bump => $"{schema}_bump";

    public string Mirror => $"{schema}_mirror";

    public string Scaler => $"{schema}_scaler";

    public IReadOnlyList<StorageRole> Roles =>
    [
        new() { Name = Door, Functions = ["Ask"], Sends = [Changes, Images], Reads = ["secrets/"], Watches = true },
        new() { Name = Bump, Functions = ["Change", Timer, "OnMessage"], Takes = [Changes, ScheduleState.QueueOf(Timer)], Timers = [Timer], Writes = ["secrets/", "gauges/bump/"] },
        new() { Name = Mirror, Functions = ["MirrorImages"], Takes = [Images], Writes = ["image-mirror/"] },
        new() { Name = Scaler, Reads = ["gauges/"], Watches = true },
    ];

    /// <summary>Creates the roles and the schema, and migrates it unless told otherwise.</summary>
    public static async Task<Installation> CreateAsync(PostgresFixture fixture, bool migrated = true)
    {
        var installation = new Installation(await fixture.ServerAsync(), PostgresFixture.NewSchema());
        foreach (var role in (string[])[installation.Owner, .. installation.Roles.Select(role => role.Name)])
            await installation.AskAsync($"create role {role} login");
        await installation.AskAsync($"create schema {installation.Schema} authorization {installation.Owner}");
        if (migrated)
            await installation.MigrateAsync();
        return installation;
    }

    public Task MigrateAsync(IReadOnlyList<StorageRole>? roles = null, string? user = null) =>
        HostStorage.MigrateAsync(OptionsOf(user ?? Owner), roles ?? Roles, TimeProvider.System, NullLoggerFactory.Instance, default);

    public HostStorageOptions OptionsOf(string role) =>
        new() { Storage = server.Url().Replace($"{PostgresServer.User}@", $"{role}@", StringComparison.Ordinal), Schema = schema };

    /// <summary>Opens the store as a role; it is closed with the installation.</summary>
    public async Task<IHostStorage> OpenAsync(string role, HostStorageOptions? options = null)
    {
        var storage = await PostgresFixture.OpenAsync((options ?? OptionsOf(role)) with { Storage = OptionsOf(role).Storage });
        _open.Add(storage);
        return storage;
    }

    /// <summary>Asks as the superuser.</summary>
    public Task<object?> AskAsync(string sql) => PostgresFixture.AskAsync(server, schema, sql);

    /// <summary>Does as the role what it may not, with SQL of its own. Returns how many rows it changed or saw; null: it was refused.</summary>
    public async Task<int?> TryAsync(string role, string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={server.Port};Username={role};Database=postgres;Search Path={schema};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            var rows = 0;
            while (await reader.ReadAsync())
                rows++;
            return Math.Max(rows, reader.RecordsAffected);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    /// <summary>Everything that is stored, and who has which right.</summary>
    public async Task<string> FingerprintAsync() => string.Join('\n', await Task.WhenAll(((string[])
    [
        .. ((string[])["messages", "runs", "idempotency_keys", "schedules", "documents", "schema_versions"]).Select(table => $"select string_agg(t::text, E'\\n' order by t::text) from {table} t"),
        $"select string_agg(c::text, E'\\n' order by c.oid) from (select oid, relname, relacl, relrowsecurity, relowner from pg_class where relnamespace = '{schema}'::regnamespace) c",
        $"select string_agg(p::text, E'\\n' order by p::text) from pg_policies p where schemaname = '{schema}'",
        $"select string_agg(r::text, E'\\n' order by r::text) from (select rolname, rolsuper, rolcreaterole, rolbypassrls from pg_roles where starts_with(rolname, '{schema}')) r",
    ]).Select(async sql => $"{await AskAsync(sql)}")));

    public async ValueTask DisposeAsync()
    {
        foreach (var storage in _open)
            await storage.DisposeAsync();
    }
}
