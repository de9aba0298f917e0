using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Timers;

/// <summary>The settings <c>Timers:&lt;Function&gt;:CatchUp</c> and <c>Timers:&lt;Function&gt;:CatchUpLimit</c>.</summary>
internal static class TimerSettings
{
    private const int MaxLimit = 1000;

    /// <summary>The trigger with what its function's settings say instead; what is wrong is noted.</summary>
    public static TimerTriggerDefinition Apply(TimerTriggerDefinition trigger, string function, IConfiguration configuration, List<string> problems)
    {
        var read = new SettingsReader(configuration, problems, $"Timers:{function}");
        trigger = trigger with { CatchUpLimit = read.Number("CatchUpLimit", trigger.CatchUpLimit, 1, MaxLimit) };
        var catchUp = read.Choice(
            "CatchUp", "None (missed occurrences do not run), Last (the newest runs) or All (each of the newest CatchUpLimit runs)", trigger.CatchUp,
            ("None", CatchUp.None), ("Last", CatchUp.Last), ("All", CatchUp.All));
        return read.Text("CatchUp") is null ? trigger : trigger with { CatchUp = catchUp, UseMonitor = trigger.UseMonitor || catchUp != CatchUp.None };
    }
}
