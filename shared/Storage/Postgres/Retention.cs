using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Deletes runs that are too old or too many, with their idempotency keys, in batches: now and then, and when this process has
/// ended enough of them. One replica at a time does it; the others go on.
/// </summary>
internal sealed partial class Retention : IAsyncDisposable
{
    private const int BatchSize = 2000;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    // Locked, because that a role sees a run does not mean that it may delete it: row security shows it for changing only what it may change.
    private const string Delete =
        $"""
        with alone as (select pg_try_advisory_xact_lock(hashtextextended($5 || current_user, 0)) as got),
        too_many as (select ended_at, seq from runs where ended_at is not null order by ended_at desc, seq desc offset $3 limit 1),
        old as (
            select id from runs, alone
            where got and ended_at is not null
              and (ended_at <= {Sql.Rows.Now} - $2 * interval '1 microsecond' or (ended_at, seq) <= (select ended_at, seq from too_many))
            order by ended_at, seq limit $4 for update of runs skip locked
        ),
        gone as (delete from runs r using old where r.id = old.id returning r.id, r.queue, r.idempotency_key),
        keys as (delete from idempotency_keys k using gone g where k.queue = g.queue and k.key = g.idempotency_key and k.run_id = g.id)
        select count(*) from gone
        """;

    private readonly Lock _lock = new();
    private readonly PostgresDatabase _database;
    private readonly ILogger _logger;
    private readonly int _maxRuns;
    private readonly ITimer _timer;
    private readonly Orphans _orphans;
    private readonly bool _isMine;
    private Task _running = Task.CompletedTask;
    private int _ended;
    private bool _due;

    /// <param name="database">The database.</param>
    /// <param name="options">How long runs are kept, and how many.</param>
    /// <param name="orphans">The runs of dead processes.</param>
    /// <param name="isMine">False for a role that may not delete: it leaves that to the others.</param>
    public Retention(PostgresDatabase database, HostStorageOptions options, Orphans orphans, bool isMine)
    {
        (_orphans, _isMine) = (orphans, isMine);
        (_database, _logger, _maxRuns, Span) = (database, database.Logger, options.MaxRuns, options.RunRetention);
        // Replicas that start together do not all come at once.
        var first = TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(30, (int)Period.TotalSeconds));
        _timer = TimeProvider.System.CreateTimer(static retention => ((Retention)retention!).Start(), this, first, Period);
    }

    /// <summary>How long runs are kept.</summary>
    public TimeSpan Span { get; }

    /// <summary>Notes that runs ended. A twentieth of what is kept may be there in excess for a moment.</summary>
    public void Ended(int count)
    {
        if (Interlocked.Add(ref _ended, count) > _maxRuns / 20)
            Start();
    }

    /// <summary>Completes when the deletion that is under way is done.</summary>
    public Task UpToDateAsync()
    {
        lock (_lock)
            return _running;
    }

    /// <summary>Deletes what is over.</summary>
    public void Start()
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _ended, 0);
            _due = _isMine;
            if (_isMine && _running.IsCompleted && !_database.Closed.IsCancellationRequested)
                _running = Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await UpToDateAsync();
    }

    private async Task RunAsync()
    {
        while (IsDue())
        {
            try
            {
                while (await DeleteAsync() == BatchSize)
                {
                }
                // Again soon: who is only reconnecting is back by then.
                if (await _orphans.EndAsync())
                    _timer.Change(Orphans.Grace, Period);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // The store is being closed.
                return;
            }
            catch (Exception e) when (e is HostStorageException or NpgsqlException)
            {
                // What is over its time is not shown anyway; the next time deletes it.
                LogNotDeleted(e);
            }
        }
    }

    private bool IsDue()
    {
        lock (_lock)
        {
            var due = _due && !_database.Closed.IsCancellationRequested;
            _due = false;
            if (!due)
                _running = Task.CompletedTask;
            return due;
        }
    }

    private Task<long> DeleteAsync() => _database.QueryAsync(
        "deleting old runs",
        () =>
        [
            Of(
                Delete, _database.Clock.Parameter(), Number(Span.Microseconds()), Number(_maxRuns), Number(BatchSize),
                Text($"ebb.retention.{_database.Settings.Schema}.")),
        ],
        async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0,
        _database.Closed);
}
