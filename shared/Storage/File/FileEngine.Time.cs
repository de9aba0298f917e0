using Ebb.Storage.State;

namespace Ebb.Storage.File;

internal sealed partial class FileEngine
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private TimeSpan? _timerDue;
    private bool _stalled;

    /// <summary>Does what time alone brings: lapsed leases, due messages, retention.</summary>
    private Instant Advance()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Recover();
        var now = Instant.Now(_time);
        try
        {
            Store(_state.DecideLapses(now, all: false), now);
            if (_state.DecideDrops(_options.RunRetention, _options.MaxRuns, now) is { } drops)
                Store([drops], now);
            _stalled = false;
        }
        catch (HostStorageException e)
        {
            // Reading goes on with a full disk; a lease that cannot be recorded as lapsed is not given away.
            if (!_stalled)
                LogStalled(e);
            _stalled = true;
        }
        _state.Advance(now);
        return now;
    }

    /// <summary>Writes entries, and only then applies them.</summary>
    private void Store(IReadOnlyList<JournalEntry> entries, Instant now)
    {
        if (entries.Count == 0)
            return;
        _journal.Append(entries);
        foreach (var entry in entries)
            _state.Apply(entry, now);
        ConsiderCompaction();
    }

    /// <summary>Wakes who waits for what changed and sets the timer to the next moment that changes something.</summary>
    private void Settle()
    {
        _waiters.Wake(_state);
        if (_state.NextDue is not { } due || (due == _timerDue && !_stalled))
            return;
        _timerDue = due;
        var wait = due - Instant.Now(_time).Monotonic;
        var least = _stalled ? PauseAfterFailure : TimeSpan.Zero;
        _timer.Change(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, least.Ticks, LongestTimer.Ticks)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _timerDue = null;
            try
            {
                Advance();
                Settle();
            }
            catch (HostStorageException e)
            {
                LogStalled(e);
                _timer.Change(PauseAfterFailure, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The disk refused to make something durable: the state goes back to what is.</summary>
    private void OnRefused(HostStorageException cause)
    {
        LogRefused(cause);
        _fault = cause;
        try
        {
            Recover();
        }
        catch (HostStorageException)
        {
            // Every operation tries again, and so does the timer for those who only wait.
            _timerDue = null;
            _timer.Change(PauseAfterFailure, Timeout.InfiniteTimeSpan);
        }
    }

    private void Recover()
    {
        if (_fault is not { } fault)
            return;
        try
        {
            var now = Instant.Now(_time);
            var state = new StoreState();
            _journal.Rollback();
            _journal.Replay(entry => state.Apply(entry, now));
            _state = state;
            _fault = null;
            _waiters.WakeAll();
            LogRecovered();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostStorageException(fault.Message, e);
        }
    }
}
