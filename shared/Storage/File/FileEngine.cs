using Ebb.Storage.State;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.File;

/// <summary>
/// The one place where the state of a file store is read and changed. Under one lock an operation is decided, written
/// and applied; its caller then waits, outside the lock and together with the others, until the bytes are durable.
/// What could not be written is not applied; what the disk then refuses to make durable is taken back.
/// </summary>
internal sealed partial class FileEngine : IAsyncDisposable
{
    private readonly Lock _lock;
    private readonly HostStorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Waiters _waiters = new();
    private readonly ITimer _timer;
    private readonly Journal _journal;
    private StoreState _state = new();
    private HostStorageException? _fault;
    private bool _disposed;

    private FileEngine(Lock @lock, Journal journal, HostStorageOptions options, TimeProvider time, ILogger logger)
    {
        (_lock, _journal, _options, _time, _logger) = (@lock, journal, options, time, logger);
        _timer = time.CreateTimer(static engine => ((FileEngine)engine!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Reads the journal and frees what a dead process held.</summary>
    public static async Task<FileEngine> OpenAsync(
        JournalDirectory directory, HostStorageOptions options, TimeProvider time, ILogger logger)
    {
        var gate = new Lock();
        var engine = new FileEngine(gate, Journal.Open(gate, directory), options, time, logger);
        try
        {
            lock (gate)
                engine.Load();
            return engine;
        }
        catch
        {
            await engine._timer.DisposeAsync();
            await engine._journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Decides an operation, stores it and returns its result.</summary>
    /// <exception cref="HostStorageException">It could not be stored; nothing changed.</exception>
    public async ValueTask<T> WriteAsync<T>(
        Func<StoreState, Instant, Decision<T>> decide, Durability awaited, CancellationToken cancellationToken)
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
            committed = awaited switch
            {
                // Also when nothing was stored: the answer may rest on what another caller is still waiting for.
                Durability.OfAll => _journal.CommitAsync(),
                Durability.OfOthers when decision.Entries.Count > 0 => _journal.RequestedAsync(),
                _ => Task.CompletedTask,
            };
        }
        await committed;
        return result;
    }

    /// <summary>Reads the state, and waits until that is durable which somebody wants durable: nobody sees what may still fail.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<StoreState, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result;
        Task committed;
        lock (_lock)
        {
            Advance();
            result = read(_state);
            Settle();
            committed = _journal.RequestedAsync();
        }
        await committed;
        return result;
    }

    /// <summary>Completes when one of the queues has a message ready.</summary>
    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        WaitAsync(state => queues.Any(state.HasReady), () => _waiters.ForQueuesAsync(queues, cancellationToken));

    /// <summary>Completes when the run is final or unknown.</summary>
    public Task WaitForEndAsync(RunId id, CancellationToken cancellationToken) =>
        WaitAsync(state => state.Run(id) is null or { IsFinal: true }, () => _waiters.ForRunAsync(id, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _waiters.Close();
        }
        await _timer.DisposeAsync();
        await _compaction;
        await CloseJournalAsync();
        await _journal.DisposeAsync();
    }

    private Task WaitAsync(Func<StoreState, bool> isOver, Func<Task> register)
    {
        lock (_lock)
        {
            Advance();
            var over = isOver(_state);
            // Before registering: what woke others must not wake this one, which has seen it.
            Settle();
            return over ? Task.CompletedTask : register();
        }
    }

    /// <summary>Reads the journal into a new state and frees what the dead process held: the lock proves that it is dead.</summary>
    private void Load()
    {
        var now = Instant.Now(_time);
        var path = _journal.Path;
        var cut = _journal.Replay(entry => _state.Apply(entry, now));
        if (cut > 0)
            LogTailCut(path, cut, _journal.Length);
        Store([.. _state.DecideLapses(now, all: true), .. _state.DecideOrphans(now)], now);
        _journal.Start(OnRefused);
        Settle();
    }

    private async Task CloseJournalAsync()
    {
        Task committed;
        lock (_lock)
        {
            if (_fault is not null)
                return;
            try
            {
                _journal.Append([new Closed(_time.GetUtcNow())]);
            }
            catch (HostStorageException e)
            {
                LogNotClosed(e);
            }
            committed = _journal.CommitAsync();
        }
        try
        {
            await committed;
        }
        catch (HostStorageException e)
        {
            LogNotClosed(e);
        }
    }
}
