namespace Ebb.Worker;

/// <summary>Starts a function by the clock. The parameter is a <see cref="TimerInfo"/>.</summary>
/// <param name="schedule">NCRONTAB with 5 or 6 fields, a TimeSpan, or a whole-string <c>%Setting%</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>The schedule as written.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether missed occurrences are caught up, as <see cref="CatchUp"/> says. Default true; forced off for schedules under a minute.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Which missed occurrences run. Default the last. The setting <c>Timers:&lt;Function&gt;:CatchUp</c> overrides it.</summary>
    public CatchUp CatchUp { get; set; } = CatchUp.Last;

    /// <summary>
    /// With <see cref="Worker.CatchUp.All"/> how many run, and how many wait at most, from 1 to 1000. Default 10. The setting
    /// <c>Timers:&lt;Function&gt;:CatchUpLimit</c> overrides it.
    /// </summary>
    public int CatchUpLimit { get; set; } = 10;

    /// <summary>Also runs when the host starts. Default false.</summary>
    public bool RunOnStartup { get; set; }
}
