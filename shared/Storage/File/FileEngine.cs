using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>
/// The one place where the state of a file store is read and changed. Under one lock an operation is decided, written
/// and applied; its caller then waits, outside the lock and together with the others, until the bytes are durable.
/// </summary>
internal sealed partial class FileEngine : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HostStorageOptions _options;
    private readonly TimeProvider _time;
    private readonly Waiters _waiters = new();
    private readonly ITimer _timer;
    private readonly Journal _journal;
    private readonly HostState _state;
    private bool _disposed;

    public FileEngine(Journal journal, HostState state, HostStorageOptions options, TimeProvider time)
    {
        (_journal, _state, _options, _time) = (journal, state, options, time);
        _timer = time.CreateTimer(static engine => ((FileEngine)engine!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_lock)
            Settle();
    }

    /// <summary>Decides an operation, stores it and returns what <paramref name="decide"/> makes of it.</summary>
    public async ValueTask<T> WriteAsync<T>(
        Func<HostState, Instant, Decision<T>> decide, bool durable, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result;
        Task committed;
        lock (_lock)
        {
            var now = Advance();
            var decision = decide(_state, now);
            Store(decision.Entries, now);
            result = decision.Result(_state);
            Settle();
            // Also when nothing was stored: the answer may rest on what another caller is still waiting for.
            committed = durable ? _journal.CommitAsync() : Task.CompletedTask;
        }
        await committed;
        return result;
    }

    /// <summary>Reads the state as it is now.</summary>
    public T Read<T>(Func<HostState, T> read)
    {
        lock (_lock)
        {
            Advance();
            var result = read(_state);
            Settle();
            return result;
        }
    }

    /// <summary>Completes when one of the queues has a message ready.</summary>
    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Advance();
            var ready = queues.Any(_state.HasReady);
            Settle();
            return ready ? Task.CompletedTask : _waiters.ForQueuesAsync(queues, cancellationToken);
        }
    }

    /// <summary>Completes when the run is final; with false when it is unknown.</summary>
    public Task WaitForEndAsync(RunId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Advance();
            var live = _state.Run(id) is { IsFinal: false };
            Settle();
            return live ? _waiters.ForRunAsync(id, cancellationToken) : Task.CompletedTask;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        await _timer.DisposeAsync();
        await _journal.DisposeAsync();
    }

    /// <summary>Does what time alone brings: lapsed leases, due messages, retention.</summary>
    private Instant Advance()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var now = Instant.Now(_time);
        Store(_state.DecideLapses(now, all: false), now);
        if (_state.DecideDrops(_options.RunRetention, _options.MaxRuns, now) is { } drops)
            Store([drops], now);
        _state.Advance(now);
        return now;
    }

    private void Store(IReadOnlyList<JournalEntry> entries, Instant now)
    {
        if (entries.Count == 0)
            return;
        _journal.Append(entries);
        foreach (var entry in entries)
            _state.Apply(entry, now);
    }

    /// <summary>Wakes who waits for what changed and sets the timer to the next moment that changes something.</summary>
    private void Settle()
    {
        _waiters.Wake(_state);
        if (_state.NextDue is not { } due)
            return;
        var wait = due - Instant.Now(_time).Monotonic;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            Advance();
            Settle();
        }
    }
}
