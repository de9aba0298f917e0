using Ebb.Storage.Postgres.Roles;
using Ebb.Storage.Postgres.Sql;
using Ebb.Storage.Roles;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

/// <summary>Host storage in PostgreSQL, for any number of processes.</summary>
internal sealed partial class PostgresHostStorage : IHostStorage
{
    private readonly PostgresDatabase _database;
    private readonly PostgresQueueStore _queues;
    private readonly Retention _retention;
    private readonly Watch _watch;

    private PostgresHostStorage(PostgresDatabase database, HostStorageOptions options, bool mayDelete)
    {
        _database = database;
        var channels = new Channels(database.Settings.Schema);
        var enqueue = new EnqueueStatements(database.Clock, channels, options.RunRetention);
        var orphans = new Orphans(database, channels);
        _watch = new(database, orphans.Lock);
        _retention = new(database, options, orphans, mayDelete);
        Queues = _queues = new(database, _watch, channels, enqueue, _retention);
        Schedules = new PostgresScheduleStore(database, enqueue);
        Documents = new PostgresDocumentStore(database);
        Runs = new PostgresRunStore(database, _watch, channels, _retention, orphans);
    }

    public IQueueStore Queues { get; }

    public IScheduleStore Schedules { get; }

    public IDocumentStore Documents { get; }

    public IRunStore Runs { get; }

    /// <summary>
    /// Opens the store and, as the schema's owner, brings it up to date. Time is the database's unless a clock is given.
    /// </summary>
    /// <param name="options">Where it is.</param>
    /// <param name="clock">The clock of its statements.</param>
    /// <param name="time">The clock for timers.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="roles">Roles to grant their rights; null leaves them as they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IHostStorage> OpenAsync(
        HostStorageOptions options, DatabaseClock clock, TimeProvider time, ILoggerFactory loggers, IReadOnlyList<StorageRole>? roles,
        CancellationToken cancellationToken)
    {
        var settings = PostgresSettings.Read(options, []);
        var database = new PostgresDatabase(PostgresConnections.Open(settings), settings, clock, time, loggers.CreateLogger<PostgresHostStorage>());
        try
        {
            await new Migrations(database).ApplyAsync(cancellationToken);
            if (roles is not null)
                await new RoleSetup(database).ApplyAsync(roles, cancellationToken);
            var storage = new PostgresHostStorage(database, options, await MayDeleteAsync(database, cancellationToken));
            storage._retention.Start();
            return storage;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static Task<bool> MayDeleteAsync(PostgresDatabase database, CancellationToken cancellationToken) => database.QueryAsync(
        "asking for the user's rights",
        () => [Statement.Of("select has_table_privilege('runs', 'delete')")],
        async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_database.Closed.IsCancellationRequested)
            return;
        try
        {
            await _queues.CloseAsync();
        }
        catch (HostStorageException e)
        {
            LogNotClosed(_database.Logger, e);
        }
        _database.Close();
        await _retention.DisposeAsync();
        await _watch.DisposeAsync();
        await _database.DisposeAsync();
    }
}
