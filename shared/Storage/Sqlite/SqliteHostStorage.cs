using Ebb.Storage.Sqlite.Import;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Sqlite;

/// <summary>Host storage in a SQLite database, for one process.</summary>
internal sealed partial class SqliteHostStorage : IHostStorage
{
    private readonly SqliteEngine _engine;
    private readonly DirectoryLock _lock;

    private SqliteHostStorage(SqliteEngine engine, DirectoryLock @lock, TimeProvider time)
    {
        (_engine, _lock) = (engine, @lock);
        Queues = new SqliteQueueStore(engine, time);
        Schedules = new SqliteScheduleStore(engine, time);
        Documents = new SqliteDocumentStore(engine);
        Runs = new SqliteRunStore(engine, time);
    }

    public IQueueStore Queues { get; }

    public IScheduleStore Schedules { get; }

    public IDocumentStore Documents { get; }

    public IRunStore Runs { get; }

    /// <summary>Opens the store in a file, which is created with its directory when it is missing.</summary>
    /// <param name="address">The file.</param>
    /// <param name="options">How long runs are kept, and how many.</param>
    /// <param name="time">The clocks.</param>
    /// <param name="loggers">Where the store logs.</param>
    /// <param name="vfs">SQLite's way to the file system; null for its own.</param>
    public static IHostStorage Open(EmbeddedAddress address, HostStorageOptions options, TimeProvider time, ILoggerFactory loggers, string? vfs = null)
    {
        var files = new SqliteFiles(address.Path);
        var logger = loggers.CreateLogger<SqliteHostStorage>();
        try
        {
            if (files.Prepare() is { Count: > 0 } open)
                LogTightened(logger, files.Directory, string.Join(", ", open));
            if (address.OldSetting is { } old)
                LogOldSetting(logger, old, address.Path);
            var owned = DirectoryLock.Take(files.Directory, options.AdminUrl, time);
            try
            {
                return new SqliteHostStorage(OpenEngine(files, options, time, logger, vfs), owned, time);
            }
            catch
            {
                owned.Dispose();
                throw;
            }
        }
        catch (SqliteException e)
        {
            throw new SqliteErrors(files.Path).Tell(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostStorageException(
                $"Host storage {files.Path} cannot be used: {e.Message} Its directory must exist or be creatable, be writable "
                + $"for user {Environment.UserName}, and have free space (setting Storage).", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _lock.Dispose();
    }

    private static SqliteEngine OpenEngine(SqliteFiles files, HostStorageOptions options, TimeProvider time, ILogger logger, string? vfs)
    {
        var wasLeftOpen = files.WasLeftOpen;
        files.Create();
        var session = SqliteSession.Open(files.Path, vfs);
        try
        {
            // One process alone: then the log's index is in its memory, and no file is shared.
            session.Run("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma temp_store = memory; pragma journal_size_limit = 67108864;");
            if (wasLeftOpen)
                IntegrityCheck.Run(session, files.Path, IntegrityCheck.Longest, logger);
            SqliteMigrations.Apply(session, files.Path);
            new JournalImport(session, files, time, logger).Run();
            var engine = new SqliteEngine(session, new(files.Path), options, time, logger);
            engine.Start();
            return engine;
        }
        catch
        {
            // What is refused stays as it is: its log too.
            session.KeepLog();
            session.Dispose();
            throw;
        }
    }
}
