using NCrontab;

namespace Ebb.Schedules;

/// <summary>
/// The text of a schedule, checked: NCRONTAB with five or six fields, or a duration. Also compiled into the source
/// generator, so that the compiler and the running host agree on what is valid; hence the plain C#.
/// </summary>
internal sealed class ScheduleExpression
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Form =
        "NCRONTAB as '{second} {minute} {hour} {day} {month} {day of week}' (the seconds may be left out), a duration as "
        + DurationText.Form + ", or a whole-string %Setting%";

    private static readonly char[] Blanks = { ' ', '\t' };
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(366);

    // Every date that exists in the Gregorian calendar with its weekday exists in these hundred years, 29 February included.
    private static readonly DateTime CalendarStart = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly DateTime CalendarEnd = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private ScheduleExpression(string text, CrontabSchedule? cron, TimeSpan interval)
    {
        Text = text;
        Cron = cron;
        Interval = interval;
    }

    /// <summary>The expression, with single blanks.</summary>
    public string Text { get; }

    /// <summary>The NCRONTAB schedule; null for a duration.</summary>
    public CrontabSchedule? Cron { get; }

    /// <summary>The duration between occurrences; zero for NCRONTAB.</summary>
    public TimeSpan Interval { get; }

    /// <summary>True for a whole-string <c>%Setting%</c>.</summary>
    public static bool IsSetting(string text) =>
        text.Length > 2 && text[0] == '%' && text.IndexOf('%', 1) == text.Length - 1;

    /// <summary>Reads a schedule; null when it is not valid, with the reason in <paramref name="error"/>.</summary>
    public static ScheduleExpression? Parse(string text, out string error)
    {
        error = string.Empty;
        var fields = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        switch (fields.Length)
        {
            case 1 when DurationText.TryParse(fields[0], out var interval):
                if (interval >= TimeSpan.FromSeconds(1) && interval <= LongestInterval)
                {
                    return new ScheduleExpression(fields[0], null, interval);
                }

                error = "a duration must be from one second to 366 days";
                return null;
            case 5 or 6:
                return ParseCron(fields, out error);
            default:
                error = $"it has {fields.Length} fields where NCRONTAB has 5 or 6, and it is no duration";
                return null;
        }
    }

    private static ScheduleExpression? ParseCron(string[] fields, out string error)
    {
        error = string.Empty;
        var text = string.Join(" ", fields);
        CrontabSchedule cron;
        try
        {
            cron = CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields.Length == 6 });
        }
        catch (CrontabException wrong)
        {
            error = wrong.Message.TrimEnd('.');
            return null;
        }

        if (!cron.GetNextOccurrences(CalendarStart, CalendarEnd).Any())
        {
            error = "no date in the calendar ever matches it";
            return null;
        }

        return new ScheduleExpression(text, cron, TimeSpan.Zero);
    }
}
