using System.Diagnostics.CodeAnalysis;
using Ebb.Schedules;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Timers;

/// <summary>The zone in which schedules are meant: <c>WEBSITE_TIME_ZONE</c>, else <c>TZ</c>, else UTC.</summary>
public static class TimerTimeZone
{
    private static readonly string[] Settings = ["WEBSITE_TIME_ZONE", "TZ"];

    /// <summary>Reads the zone; <paramref name="error"/> names the setting, its value and the remedy.</summary>
    public static bool TryRead(IConfiguration configuration, [NotNullWhen(true)] out TimeZoneInfo? zone, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var setting = Settings.FirstOrDefault(name => !string.IsNullOrWhiteSpace(configuration[name]));
        if (setting is null)
        {
            (zone, error) = (TimeZoneInfo.Utc, null);
            return true;
        }

        var name = configuration[setting]!.Trim();
        zone = TimeZoneNames.Find(name);
        error = zone is null ? $"{setting} is '{name}', which is no time zone that is known here. {TimeZoneNames.Remedy}" : null;
        return zone is not null;
    }
}
