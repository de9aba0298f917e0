namespace Ebb.Worker;

/// <summary>Starts a function by the clock. The parameter is a <see cref="TimerInfo"/>.</summary>
/// <param name="schedule">NCRONTAB with 5 or 6 fields, a TimeSpan, or a whole-string <c>%Setting%</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>The schedule as written.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Keeps the schedule in host storage, so that a missed occurrence is caught up once. Default true; forced off for schedules under a minute.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Also runs when the host starts. Default false.</summary>
    public bool RunOnStartup { get; set; }
}
