using Ebb.Storage;

namespace Ebb.Worker.Timers;

/// <summary>What is to be done about a timer now. Decided from its stored state and the clock alone.</summary>
internal abstract record TimerDecision
{
    // Replicas' clocks differ a little; a state from further ahead was written before a clock was set back.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    // An occurrence is found late when no process was up, the machine slept or its clock was set forward. Less than this is ordinary
    // delay: a process that was started for an occurrence and came up a little after it has missed nothing.
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    private TimerDecision()
    {
    }

    /// <summary>Nothing is due for this long.</summary>
    public sealed record Wait(TimeSpan Time) : TimerDecision;

    /// <summary>The state is to be replaced; no occurrence is claimed.</summary>
    public sealed record Set(ScheduleState State, SetReason Reason) : TimerDecision;

    /// <summary>The occurrence is due.</summary>
    public sealed record Claim(ScheduleState NewState, DateTimeOffset Occurrence, bool IsPastDue) : TimerDecision;

    /// <param name="timer">The timer.</param>
    /// <param name="state">What is stored of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="atStart">True until the process has first dealt with the timer.</param>
    public static TimerDecision Of(ScheduledTimer timer, ScheduleState? state, DateTimeOffset now, bool atStart)
    {
        if (timer.IsOff)
        {
            // What it was due at before it was turned off would look overdue for ever. Another version for which it is on takes it back.
            return atStart && state is not null && state.Schedule != timer.StoredSchedule ? Fresh(timer, state, now, SetReason.TurnedOff) : new Wait(TimeSpan.MaxValue);
        }

        if (state is null)
        {
            return Fresh(timer, null, now, SetReason.New);
        }

        if (state.Schedule != timer.StoredSchedule)
        {
            // While the app is rolled out two versions run: the one that started last is right. If it is gone, this one goes on.
            return atStart || state.Schedule == ScheduledTimer.OffSchedule || now > state.Next + ClockTolerance
                ? Fresh(timer, state, now, SetReason.Edited)
                : new Wait(LateAfter);
        }

        if (state.LastUpdated > now + ClockTolerance)
        {
            return Fresh(timer, state, now, SetReason.ClockSetBack);
        }

        return now < state.Next ? new Wait(state.Next - now) : Due(timer, state, now);
    }

    /// <summary>The state after everything that is due by now.</summary>
    private static ScheduleState Passed(ScheduledTimer timer, ScheduleState state, DateTimeOffset now) =>
        state with { Next = timer.Schedule.NextAfter(state.Next, now, timer.Zone), LastUpdated = now };

    private static TimerDecision Due(ScheduledTimer timer, ScheduleState state, DateTimeOffset now)
    {
        var passed = Passed(timer, state, now);
        var isLate = now - state.Next > LateAfter;
        switch (timer.CatchUp)
        {
            case CatchUp.None:
                return isLate ? new Set(passed, SetReason.Missed) : Run(state.Next, passed, isPastDue: false);
            case CatchUp.All:
                // One step: what follows is claimed by itself, by whoever looks next.
                var missed = MissedOccurrences.Newest(timer, state.Next, now, timer.CatchUpLimit);
                return Run(missed[0], missed.Count > 1 ? passed with { Next = missed[1] } : passed, now - missed[0] > LateAfter);
            default:
                return Run(MissedOccurrences.Newest(timer, state.Next, now, 1)[0], passed, isLate);
        }
    }

    private static Claim Run(DateTimeOffset occurrence, ScheduleState newState, bool isPastDue) =>
        new(newState with { Last = occurrence }, occurrence, isPastDue);

    private static Set Fresh(ScheduledTimer timer, ScheduleState? state, DateTimeOffset now, SetReason reason) =>
        new(new(timer.Function, timer.StoredSchedule, reason is SetReason.ClockSetBack ? null : state?.Last, timer.Next(now), now), reason);
}

/// <summary>Why a state is replaced.</summary>
internal enum SetReason
{
    New,
    Edited,
    ClockSetBack,
    Missed,
    StillWaiting,
    TurnedOff,
}
