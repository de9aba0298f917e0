using System.Diagnostics.CodeAnalysis;
using Ebb.Schedules;
using Ebb.Storage;

namespace Ebb.Worker.Timers;

/// <summary>A timer function with its schedule read.</summary>
public sealed record ScheduledTimer
{
    internal const string OffSchedule = "off";

    private static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The function's name.</summary>
    public required string Function { get; init; }

    /// <summary>When it is due.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>The zone in which the schedule is meant.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Whether missed occurrences are caught up. Never true for a schedule under a minute.</summary>
    public bool IsMonitored => CatchUp is not CatchUp.None;

    /// <summary>Which missed occurrences run.</summary>
    public CatchUp CatchUp { get; init; } = CatchUp.Last;

    /// <summary>How many run, and how many wait at most, with <see cref="Worker.CatchUp.All"/>.</summary>
    public int CatchUpLimit { get; init; } = 10;

    /// <summary>Whether it also runs when the host starts.</summary>
    public bool RunOnStartup { get; init; }

    /// <summary>Never due: its function is off (<see cref="IFunctionApp.Off"/>).</summary>
    public bool IsOff { get; init; }

    /// <summary>The queue its runs go through.</summary>
    public string Queue => ScheduleState.QueueOf(Function);

    /// <summary>What host storage compares to tell that the schedule was edited.</summary>
    internal string StoredSchedule => IsOff ? OffSchedule : Schedule.In(Zone);

    /// <summary>Reads a timer; <paramref name="schedule"/> is the trigger's schedule with its setting expanded.</summary>
    public static bool TryCreate(
        string function, string schedule, TimerTriggerDefinition trigger, TimeZoneInfo zone,
        [NotNullWhen(true)] out ScheduledTimer? timer, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        timer = null;
        if (!Schedule.TryParse(schedule, out var parsed, out error))
        {
            var source = schedule == trigger.Schedule ? string.Empty : $", from {trigger.Schedule}";
            error = $"Function '{function}'{source}: {error}";
            return false;
        }

        timer = new()
        {
            Function = function,
            Schedule = parsed,
            Zone = zone,
            CatchUp = trigger.UseMonitor && !parsed.IsUnderAMinute ? trigger.CatchUp : CatchUp.None,
            CatchUpLimit = trigger.CatchUpLimit,
            RunOnStartup = trigger.RunOnStartup,
        };
        return true;
    }

    /// <summary>The next occurrence after a moment, as the schedule says; a duration counts from that moment. The end of time when it is off.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => IsOff ? Never : Schedule.Next(after, Zone);
}
