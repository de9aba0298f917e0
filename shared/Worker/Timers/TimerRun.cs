using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Timers;

/// <summary>What a timer's message says of its run: the body, as it is stored.</summary>
internal sealed record TimerRun
{
    /// <summary>The schedule's status; null when the schedule is not monitored.</summary>
    public TimerRunStatus? ScheduleStatus { get; init; }

    /// <summary>The moment the run was due; null when no occurrence started it (a person did, or the start of the host).</summary>
    public DateTimeOffset? Occurrence { get; init; }

    /// <summary>True when the run is more than a minute later than its occurrence was due: it catches up.</summary>
    public bool IsPastDue { get; init; }

    /// <summary>What the function is told. Its times are UTC; the last occurrence of a timer that never ran is the first moment of time, as with Azure Functions.</summary>
    public TimerInfo ToInfo() => new()
    {
        IsPastDue = IsPastDue,
        ScheduleStatus = ScheduleStatus is not { } status ? null : new ScheduleStatus
        {
            Last = status.Last?.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
            Next = status.Next.UtcDateTime,
            LastUpdated = status.LastUpdated.UtcDateTime,
        },
    };
}

/// <summary>The status of a schedule.</summary>
internal sealed record TimerRunStatus
{
    /// <summary>The occurrence before this one.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>The next occurrence.</summary>
    public DateTimeOffset Next { get; init; }

    /// <summary>When the status was stored.</summary>
    public DateTimeOffset LastUpdated { get; init; }
}
