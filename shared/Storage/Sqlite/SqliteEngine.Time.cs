using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Ebb.Storage.Sqlite;

internal sealed partial class SqliteEngine
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private Schedule _schedule;
    private TimeSpan? _timerDue;
    private bool _stalled;

    private bool AreMessagesDue(Work work) => _schedule.NextDue <= work.Now.Monotonic;

    private bool AreRunsOver(Work work) => _schedule.TooManyRuns || _schedule.FirstEnd <= Kept(work);

    /// <summary>Does what time alone brings: lapsed leases, due messages, retention.</summary>
    private void DoWhatIsDue(Work work)
    {
        if (AreMessagesDue(work))
        {
            MessageTable.Lapse(work, work.Now.Monotonic);
            MessageTable.Arrive(work);
        }
        if (AreRunsOver(work))
            RunTable.Forget(work, Kept(work), _options.MaxRuns);
    }

    /// <summary>
    /// Does the same for those who only read. With a full disk reading goes on: a lease that cannot be recorded as lapsed is not given away.
    /// </summary>
    private void KeepUp(Work work)
    {
        if (!AreMessagesDue(work) && !AreRunsOver(work))
            return;
        try
        {
            Begin([], work);
            Commit(work);
        }
        catch (Exception e) when (e is SqliteException or NotCommittedException)
        {
            Rollback();
            work.Clear();
            if (!_stalled)
                LogStalled(_errors.Tell((e as SqliteException) ?? (SqliteException)e.InnerException!));
            _stalled = true;
        }
    }

    /// <summary>When time alone will bring something.</summary>
    private Schedule ReadSchedule(Work work) => new(
        MessageTable.NextDue(work), RunTable.FirstEnd(work), RunTable.EndedCount(work) - _options.MaxRuns > RunTable.Slack(_options.MaxRuns));

    /// <summary>Wakes who waits for what changed and sets the timer to the next moment that changes something.</summary>
    private void Settle(Work work)
    {
        _waiters.Wake(work);
        if (_schedule.NextDue is not { } due || (due == _timerDue && !_stalled))
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
            Enqueue(new Operation<bool>(_ => Forget(), writes: false, flushes: false));
        }

        // The timer has run: it is set again, also for the same moment.
        bool Forget()
        {
            _timerDue = null;
            return true;
        }
    }

    /// <param name="NextDue">When a message becomes visible or a lease lapses, on the running clock.</param>
    /// <param name="FirstEnd">When the first of the kept runs ended.</param>
    /// <param name="TooManyRuns">Whether some of them have to go.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Schedule(TimeSpan? NextDue, DateTimeOffset? FirstEnd, bool TooManyRuns);
}
