using NCrontab;

namespace Ebb.Schedules;

/// <summary>
/// Finds occurrences of an NCRONTAB expression on the wall clock of a zone. Walks from one change of the zone's offset to
/// the next; between two changes wall clock and real time run alike.
/// </summary>
internal sealed class CronCalendar
{
    // The longest wait between two occurrences is 40 years: 29 February on a given weekday across a century without a leap day.
    private const int HorizonYears = 50;

    private readonly CrontabSchedule _cron;
    private readonly bool _isInterval;
    private readonly bool _hoursAreNamed;

    public CronCalendar(ScheduleExpression expression)
    {
        _cron = expression.Cron!;
        var fields = expression.Text.Split(' ');
        var clock = fields.Length == 6 ? fields[..3] : fields[..2];
        _isInterval = clock.Any(field => field.Contains('*'));
        _hoursAreNamed = !clock[^1].Contains('*');
        RunsWithinAMinute = fields.Length == 6 && fields[0].AsSpan().ContainsAnyExcept("0123456789");
    }

    public bool RunsWithinAMinute { get; }

    public DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var start = after;
        var from = Clock(after, zone);
        var isInclusive = false;
        if (!_isInterval && ZoneChange.LastBefore(after, zone) is { IsRepeat: true } repeat && repeat.EndOnOldClock > from)
        {
            // Within the second pass: what the wall clock shows was already shown.
            (from, isInclusive) = (repeat.EndOnOldClock, true);
        }

        while (true)
        {
            var wall = NextOnClock(from, isInclusive);
            var moment = new DateTimeOffset(wall, zone.GetUtcOffset(start)).ToUniversalTime();
            if (ZoneChange.FirstBetween(start, moment, zone) is not { } change)
            {
                return moment;
            }

            if (change.IsGap && _hoursAreNamed && wall < change.StartOnNewClock)
            {
                return change.At;
            }

            start = change.At;
            from = change.IsRepeat && !_isInterval ? change.EndOnOldClock : change.StartOnNewClock;
            isInclusive = true;
        }
    }

    private static DateTime Clock(DateTimeOffset moment, TimeZoneInfo zone) => moment.ToOffset(zone.GetUtcOffset(moment)).DateTime;

    private DateTime NextOnClock(DateTime from, bool isInclusive)
    {
        // NCrontab looks strictly after a whole second.
        var second = new DateTime(from.Ticks - (from.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
        var start = isInclusive && second == from ? second.AddSeconds(-1) : second;
        var end = start.Year > DateTime.MaxValue.Year - HorizonYears ? DateTime.MaxValue : start.AddYears(HorizonYears);
        var next = _cron.GetNextOccurrence(start, end);
        return next < end ? next : throw new InvalidOperationException($"The schedule '{_cron}' has no occurrence between {start:u} and {end:u}.");
    }
}
