using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Runs operations on the database. What a lost connection interrupted is tried again for a bounded time; the operation is
/// told, since its first try may have been committed.
/// </summary>
internal sealed partial class PostgresDatabase(
    NpgsqlDataSource source, PostgresSettings settings, DatabaseClock clock, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long an operation is tried again. Restarts and failovers take less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>The server's function that warns; its text is translated.</summary>
    private const string GivesUpOnStandby = "SyncRepWaitForLSN";

    private readonly CancellationTokenSource _closed = new();

    public PostgresSettings Settings => settings;

    public DatabaseClock Clock => clock;

    public ILogger Logger => logger;

    /// <summary>Cancelled when the store is closed.</summary>
    public CancellationToken Closed => _closed.Token;

    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    /// <summary>Runs an operation, which is told whether it may have been done already.</summary>
    /// <exception cref="HostStorageException">It failed for good, or for longer than the server should be away.</exception>
    public async Task<T> RunAsync<T>(
        string what, Func<NpgsqlConnection, bool, CancellationToken, Task<T>> operation, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, typeof(IHostStorage));
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(20);
        for (var repeated = false; ; repeated = true)
        {
            try
            {
                return await TryAsync(operation, repeated, cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.IsExpected(e))
            {
                if (PostgresErrors.IsOfTheStatement(e))
                    throw;
                if (!PostgresErrors.IsTransient(e, settings) || System.Diagnostics.Stopwatch.GetElapsedTime(began) > (patience ?? Patience) || _closed.IsCancellationRequested)
                    throw PostgresErrors.Describe(e, settings, what);
                if (!repeated)
                    LogRepeating(what, e);
            }
            // Not by the store's own clock, which tests hold still.
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Runs statements as one transaction in one round trip and hands their results to a reader.</summary>
    public Task<T> QueryAsync<T>(
        string what, Func<IEnumerable<NpgsqlBatchCommand>> statements, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(what, (connection, _, stop) => ExecuteAsync(connection, statements(), read, stop), cancellationToken);

    /// <summary>The same in a transaction that is begun and ended in so many words, for statements that insist on it.</summary>
    public Task<T> TransactAsync<T>(
        string what, Func<IEnumerable<NpgsqlBatchCommand>> statements, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(
            what,
            async (connection, _, stop) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var result = await ExecuteAsync(connection, statements(), read, stop);
                await transaction.CommitAsync(stop);
                return result;
            },
            cancellationToken);

    public static async Task<T> ExecuteAsync<T>(
        NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var result = await read(reader, cancellationToken);
        // An error of a later statement takes everything back: it has to be seen.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
        return result;
    }

    // A commit that waits for a standby ends successfully when the client's time is over, with a warning that it may be on the primary
    // only (PostgreSQL 15, 27.2.8 Synchronous Replication). What a repetition finds may be of that kind too: a commit after it waits for both.
    private async Task<T> TryAsync<T>(Func<NpgsqlConnection, bool, CancellationToken, Task<T>> operation, bool repeated, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var onPrimaryOnly = false;
        connection.Notice += (_, warning) => onPrimaryOnly |= warning.Notice.Routine == GivesUpOnStandby;
        var result = await operation(connection, repeated, cancellationToken);
        if (repeated)
        {
            await using var commit = new NpgsqlCommand("select pg_logical_emit_message(true, 'ebb', '')", connection);
            await commit.ExecuteNonQueryAsync(cancellationToken);
        }
        return onPrimaryOnly ? throw new TimeoutException("no standby confirmed the commit in time") : result;
    }

    public void Close() => _closed.Cancel();

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        _closed.Dispose();
    }

    /// <summary>The clock for timers.</summary>
    public TimeProvider Time => time;
}
