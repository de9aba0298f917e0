using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Sqlite;

/// <summary>
/// The one place where the database is read and changed, by one at a time: what callers ask for meanwhile waits, in the order in which they
/// asked, and then goes into one transaction and shares its fsync. What could not be committed did not happen, and its callers are told.
/// </summary>
internal sealed partial class SqliteEngine : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteSession _session;
    private readonly SqliteErrors _errors;
    private readonly HostStorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Waiters _waiters = new();
    private readonly ITimer _timer;
    private List<Operation> _waiting = [];
    private long _nextNumber;
    private bool _unsound;
    private bool _running;
    private bool _disposed;

    /// <summary>Takes the session over. What a dead process held is free already.</summary>
    public SqliteEngine(SqliteSession session, SqliteErrors errors, HostStorageOptions options, TimeProvider time, ILogger logger)
    {
        (_session, _errors, _options, _time, _logger) = (session, errors, options, time, logger);
        _timer = time.CreateTimer(static engine => ((SqliteEngine)engine!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The moment until which the runs that ended are forgotten.</summary>
    public DateTimeOffset Kept(Work work) => work.Now.Wall - _options.RunRetention;

    /// <summary>Frees what a dead process held, and begins. A thread of its own: fsync blocks, and the pool has better things to wait for.</summary>
    public void Start()
    {
        _nextNumber = _session.First(
            "select max(coalesce((select max(position) from messages), 0), coalesce((select max(seq) from messages), 0), coalesce((select max(seq) from runs), 0)) + 1",
            static row => row.GetInt64(0));
        var opening = new Operation<bool>(Recovery.Run, writes: true, flushes: true);
        RunAll([opening]);
        opening.Answer.GetAwaiter().GetResult();
        new Thread(Loop) { IsBackground = true, Name = "ebb-storage" }.Start();
    }

    /// <summary>Runs an operation that changes nothing.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<Work, T> read, CancellationToken cancellationToken) =>
        await Ask(new Operation<T>(read, writes: false, flushes: false), cancellationToken);

    /// <summary>Runs an operation and answers when what it changed is on the disk.</summary>
    /// <exception cref="HostStorageException">It could not be stored; nothing changed.</exception>
    public async ValueTask<T> WriteAsync<T>(Func<Work, T> write, CancellationToken cancellationToken) =>
        await Ask(new Operation<T>(write, writes: true, flushes: true), cancellationToken);

    /// <summary>
    /// Runs an operation whose changes the death of the process cannot take back, but a power failure can. All that they rest on is on the
    /// disk, or gets there with them.
    /// </summary>
    /// <exception cref="HostStorageException">It could not be stored; nothing changed.</exception>
    public async ValueTask<T> WriteUnflushedAsync<T>(Func<Work, T> write, CancellationToken cancellationToken) =>
        await Ask(new Operation<T>(write, writes: true, flushes: false), cancellationToken);

    /// <summary>Completes when one of the queues has a message ready.</summary>
    public async Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => await await ReadAsync(
        work => queues.Any(queue => work.Session.Any("select 1 from messages where queue = $1 and place = 0", queue))
            ? Task.CompletedTask
            : _waiters.ForQueuesAsync(queues, cancellationToken),
        cancellationToken);

    /// <summary>Completes when the run is final or unknown.</summary>
    public async Task WaitForEndAsync(RunId id, CancellationToken cancellationToken) => await await ReadAsync(
        work => RunTable.Find(work, id, Kept(work)) is null or { IsFinal: true } ? Task.CompletedTask : _waiters.ForRunAsync(id, cancellationToken),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        await _timer.DisposeAsync();
        _asked.Release();
        await _stopped.Task;
        _asked.Dispose();
    }

    private Task<T> Ask<T>(Operation<T> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool runsHere;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IHostStorage));
            // What does not wait for the disk is done sooner than another thread is woken.
            runsHere = !operation.Flushes && !_running && _waiting.Count == 0;
            if (runsHere)
                _running = true;
            else
                Enqueue(operation);
        }
        if (runsHere)
            RunAlone([operation]);
        return operation.Answer;
    }

    /// <summary>Used under the lock.</summary>
    private void Enqueue(Operation operation)
    {
        _waiting.Add(operation);
        if (_waiting.Count == 1)
            _asked.Release();
    }

    /// <summary>Runs what the caller, who has set <see cref="_running"/>, took; then it is the next one's turn.</summary>
    private void RunAlone(List<Operation> batch)
    {
        RunAll(batch);
        lock (_lock)
        {
            _running = false;
            if (_waiting.Count > 0 || _disposed)
                _asked.Release();
        }
    }

    private void Loop()
    {
        var over = false;
        while (!over)
        {
            _asked.Wait();
            List<Operation> batch;
            lock (_lock)
            {
                // Who runs now wakes this thread again.
                if (_running)
                    continue;
                (batch, _waiting) = (_waiting, []);
                (over, _running) = (_disposed, true);
            }
            RunAlone(batch);
        }
        _waiters.Close();
        _session.Dispose();
        _stopped.SetResult();
    }

    private void RunAll(List<Operation> batch)
    {
        var work = new Work(_session, Instant.Now(_time), _nextNumber);
        try
        {
            var writes = batch.Exists(operation => operation.Writes);
            if (!writes)
                KeepUp(work);
            else
                Begin(batch, work);
            foreach (var operation in batch)
                operation.Run(work);
            if (writes)
                Commit(work);
        }
        catch (Exception e)
        {
            Fail(batch, e);
            return;
        }
        Settle(work);
        foreach (var operation in batch)
            operation.Complete();
    }

    private void Begin(List<Operation> batch, Work work)
    {
        Mend();
        _session.FlushCommits(batch.Exists(operation => operation.Flushes));
        _session.Execute("begin immediate");
        DoWhatIsDue(work);
    }

    private void Commit(Work work)
    {
        var schedule = ReadSchedule(work);
        try
        {
            _session.Execute("commit");
        }
        catch (SqliteException e)
        {
            _unsound = SqliteErrors.IsRefusedFlush(e);
            Rollback();
            throw new NotCommittedException(e);
        }
        (_schedule, _nextNumber, _stalled) = (schedule, work.NextNumber, false);
    }

    /// <summary>
    /// After the disk refused an fsync nobody knows what of the log is on it: everything goes from there into the database, and that is
    /// fsynced, before anything else is promised.
    /// </summary>
    private void Mend()
    {
        if (!_unsound)
            return;
        _session.FlushCommits(true);
        _session.Rows("pragma wal_checkpoint(truncate)", static row => row.GetInt64(0));
        _unsound = false;
        LogRecovered();
    }

    private void Fail(List<Operation> batch, Exception error)
    {
        Rollback();
        if (error is NotCommittedException { InnerException: { } refused })
        {
            FailAll(batch.FindAll(operation => operation.Writes), refused);
            // They have seen what was taken back, and look again.
            if (batch.FindAll(operation => !operation.Writes) is { Count: > 0 } readers)
                RunAll(readers);
        }
        else if (batch.Count == 1)
            FailAll(batch, error);
        else
            // One of them cannot be done; the others must not suffer.
            batch.ForEach(operation => RunAll([operation]));
    }

    private void FailAll(List<Operation> batch, Exception error)
    {
        var told = error is SqliteException refused ? _errors.Tell(refused) : error;
        if (told is HostStorageException)
            LogRefused(told);
        batch.ForEach(operation => operation.Fail(told));
    }

    private void Rollback()
    {
        try
        {
            if (_session.InTransaction)
                _session.Execute("rollback");
        }
        catch (SqliteException e)
        {
            // Nothing was committed, and the next transaction finds the database as it was.
            LogRefused(e);
        }
    }
}
