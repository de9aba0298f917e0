using System.Diagnostics.CodeAnalysis;
using Ebb.Schedules;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Timers;

/// <summary>The zone in which schedules are meant: <c>WEBSITE_TIME_ZONE</c>, else <c>TZ</c>, else UTC.</summary>
public static class TimerTimeZone
{
    private static readonly string[] Names = ["WEBSITE_TIME_ZONE", "TZ"];

    /// <summary>Reads the zone; <paramref name="error"/> names the setting, its value and the remedy.</summary>
    public static bool TryRead(IConfiguration configuration, [NotNullWhen(true)] out TimeZoneInfo? zone, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (new SettingsReader(configuration, []).Text(new(Names[0], Names[1]), "the time zone of schedules, such as Europe/Berlin; UTC where nothing is said") is not { } name)
        {
            (zone, error) = (TimeZoneInfo.Utc, null);
            return true;
        }

        zone = TimeZoneNames.Find(name);
        error = zone is null ? $"{Array.Find(Names, setting => !string.IsNullOrWhiteSpace(configuration[setting]))} is '{name}', which is no time zone that is known here. {TimeZoneNames.Remedy}" : null;
        return zone is not null;
    }
}
