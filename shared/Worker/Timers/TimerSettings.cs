using Ebb.Storage;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Timers;

/// <summary>The settings <c>Timers:&lt;Function&gt;:CatchUp</c> and <c>Timers:&lt;Function&gt;:CatchUpLimit</c>.</summary>
internal static class TimerSettings
{
    private const int MaxLimit = 1000;

    /// <summary>The trigger with what its function's settings say instead; what is wrong is noted.</summary>
    public static TimerTriggerDefinition Apply(TimerTriggerDefinition trigger, string function, IConfiguration configuration, List<string> problems)
    {
        var key = $"Timers:{function}:CatchUp";
        var limit = new SettingReader(configuration, problems).Number($"{key}Limit", trigger.CatchUpLimit, 1, MaxLimit);
        trigger = trigger with { CatchUpLimit = (int)limit };
        switch (configuration[key]?.Trim().ToUpperInvariant())
        {
            case null or "":
                return trigger;
            case "NONE":
                return trigger with { CatchUp = CatchUp.None };
            case "LAST":
                return trigger with { CatchUp = CatchUp.Last, UseMonitor = true };
            case "ALL":
                return trigger with { CatchUp = CatchUp.All, UseMonitor = true };
            default:
                problems.Add($"{key} is '{configuration[key]}'; it must be None (missed occurrences do not run), Last (the newest runs) or " +
                    $"All (each of the newest {key}Limit runs).");
                return trigger;
        }
    }
}
