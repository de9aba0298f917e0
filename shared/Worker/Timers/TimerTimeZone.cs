using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Timers;

/// <summary>
/// The zone in which schedules are meant: <c>WEBSITE_TIME_ZONE</c>, else <c>TZ</c>, else UTC. IANA names (<c>Europe/Berlin</c>)
/// and Windows names (<c>W. Europe Standard Time</c>) are accepted, POSIX rules (<c>CET-1CEST,M3.5.0</c>) are not.
/// </summary>
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
        zone = Find(name);
        error = zone is null
            ? $"{setting} is '{name}', which is no time zone that is known here. Write an IANA name such as Europe/Berlin or a Windows name such as "
                + "'W. Europe Standard Time', and see that the system has its time zone data (package tzdata, /usr/share/zoneinfo)."
            : null;
        return zone is not null;
    }

    /// <summary>The zone of that name; null when there is none.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        // A leading colon is how POSIX marks a name from the zone data.
        var id = name.TrimStart(':');
        return TimeZoneInfo.TryFindSystemTimeZoneById(WindowsZones.ToIana.GetValueOrDefault(id, id), out var zone) ? zone : null;
    }
}
