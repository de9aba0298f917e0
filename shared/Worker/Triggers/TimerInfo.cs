namespace Ebb.Worker;

/// <summary>What a timer function is told.</summary>
public sealed record TimerInfo
{
    /// <summary>The schedule's status; null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; init; }

    /// <summary>The moment the run was due; null when no occurrence started it (a person did, or the start of the host).</summary>
    public DateTimeOffset? Occurrence { get; init; }

    /// <summary>True when the run is more than a minute later than its occurrence was due: it catches up.</summary>
    public bool IsPastDue { get; init; }
}

/// <summary>The status of a schedule.</summary>
public sealed record ScheduleStatus
{
    /// <summary>The occurrence before this one.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>The next occurrence.</summary>
    public DateTimeOffset Next { get; init; }

    /// <summary>When the status was stored.</summary>
    public DateTimeOffset LastUpdated { get; init; }
}
