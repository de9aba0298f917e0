namespace Ebb.Worker;

/// <summary>
/// Says which missed occurrences of a function with a <c>TimerTrigger</c> run. Without it the last one does. Azure Functions has no such
/// choice: under another host it means nothing.
/// </summary>
/// <param name="policy">Which run. The setting <c>Timers:&lt;Function&gt;:CatchUp</c> overrides it.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CatchUpAttribute(CatchUp policy) : Attribute
{
    /// <summary>Which missed occurrences run.</summary>
    public CatchUp Policy { get; } = policy;

    /// <summary>
    /// With <see cref="CatchUp.All"/> how many run, and how many wait at most, from 1 to 1000. Default 10. The setting
    /// <c>Timers:&lt;Function&gt;:CatchUpLimit</c> overrides it.
    /// </summary>
    public int Limit { get; set; } = 10;
}
