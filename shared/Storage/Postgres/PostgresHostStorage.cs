using Ebb.Storage.Postgres.Sql;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

/// <summary>Host storage in PostgreSQL, for any number of processes.</summary>
internal sealed partial class PostgresHostStorage : IHostStorage
{
    private readonly PostgresDatabase _database;
    private readonly PostgresQueueStore _queues;
    private readonly Retention _retention;
    private readonly Watch _watch;

    private PostgresHostStorage(PostgresDatabase database, HostStorageOptions options)
    {
        _database = database;
        var channels = new Channels(database.Settings.Schema);
        var enqueue = new EnqueueStatements(database.Clock, channels, options.RunRetention);
        _watch = new(database);
        _retention = new(database, options);
        Queues = _queues = new(database, _watch, channels, enqueue, _retention);
        Schedules = new PostgresScheduleStore(database, enqueue);
        Documents = new PostgresDocumentStore(database);
        Runs = new PostgresRunStore(database, _watch, channels, _retention);
    }

    public IQueueStore Queues { get; }

    public IScheduleStore Schedules { get; }

    public IDocumentStore Documents { get; }

    public IRunStore Runs { get; }

    /// <summary>Opens the store and brings its schema up to date. Time is the database's unless a clock is given.</summary>
    public static async Task<IHostStorage> OpenAsync(
        HostStorageOptions options, DatabaseClock clock, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var settings = PostgresSettings.Read(options, []);
        var database = new PostgresDatabase(PostgresConnections.Open(settings), settings, clock, time, loggers.CreateLogger<PostgresHostStorage>());
        try
        {
            await new Migrations(database).ApplyAsync(cancellationToken);
            var storage = new PostgresHostStorage(database, options);
            storage._retention.Start();
            return storage;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

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
