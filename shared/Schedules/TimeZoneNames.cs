namespace Ebb.Schedules;

/// <summary>
/// Finds time zones by name: IANA (<c>Europe/Berlin</c>) and Windows (<c>W. Europe Standard Time</c>); POSIX rules
/// (<c>CET-1CEST,M3.5.0</c>) are not understood.
/// </summary>
public static class TimeZoneNames
{
    /// <summary>What a person can do about a name that is not found.</summary>
    public const string Remedy =
        "Write an IANA name such as Europe/Berlin or a Windows name such as 'W. Europe Standard Time', and see that the system has its "
        + "time zone data (package tzdata, /usr/share/zoneinfo).";

    /// <summary>The zone of that name; null when there is none.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // A leading colon is how POSIX marks a name from the zone data.
        var id = name.TrimStart(':');
        return TimeZoneInfo.TryFindSystemTimeZoneById(WindowsZones.ToIana.GetValueOrDefault(id, id), out var zone) ? zone : null;
    }
}
