using System.Diagnostics.CodeAnalysis;

namespace Ebb.Schedules;

/// <summary>
/// When a timer is due: NCRONTAB with five or six fields, or a duration. A schedule that no date ever matches is not valid.
/// </summary>
/// <remarks>
/// Where the clocks of a zone change, two questions about the expression decide.
/// <para>
/// <b>Does the second, minute or hour field contain a <c>*</c>?</b> Then it is an interval schedule: in the hour that the
/// clocks pass twice it keeps running. Otherwise it names points in time, and each runs once, in the first pass.
/// </para>
/// <para>
/// <b>Does the hour field contain a <c>*</c>?</b> Then an hour that the clocks leave out is no hour, and nothing is missed.
/// Otherwise its hours are named, and what falls into the gap runs once, at the first moment after it.
/// </para>
/// A duration is real time: no change of the clocks touches it.
/// </remarks>
public sealed class Schedule
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ScheduleExpression _expression;
    private readonly CronCalendar? _calendar;

    private Schedule(ScheduleExpression expression)
    {
        _expression = expression;
        _calendar = expression.Cron is null ? null : new CronCalendar(expression);
    }

    /// <summary>The expression, with single blanks.</summary>
    public string Text => _expression.Text;

    /// <summary>True for a duration: it counts from what is stored, so that its occurrences cannot be told from the clock.</summary>
    public bool IsDuration => _calendar is null;

    /// <summary>Reads a schedule; <paramref name="error"/> says what is wrong with it and what would be right.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Schedule? schedule, [NotNullWhen(false)] out string? error)
    {
        var expression = ScheduleExpression.Parse(text ?? string.Empty, out var reason);
        schedule = expression is null ? null : new Schedule(expression);
        error = expression is null ? $"'{text}' is no schedule: {reason}. Write {ScheduleExpression.Form}." : null;
        return expression is not null;
    }

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="FormatException">It is not valid.</exception>
    public static Schedule Parse(string text) =>
        TryParse(text, out var schedule, out var error) ? schedule : throw new FormatException(error);

    /// <summary>The first occurrence after a moment; for a duration the moment that much later.</summary>
    /// <exception cref="InvalidOperationException">There is none before the year 9999.</exception>
    public DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return _calendar is null ? after.ToUniversalTime() + _expression.Interval : _calendar.Next(after.ToUniversalTime(), zone);
    }

    /// <summary>
    /// The first occurrence after <paramref name="now"/> when <paramref name="occurrence"/> was the last one: a duration keeps
    /// its step, however late it is.
    /// </summary>
    public DateTimeOffset NextAfter(DateTimeOffset occurrence, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (_calendar is not null || now < occurrence)
        {
            return Next(now > occurrence ? now : occurrence, zone);
        }

        var steps = ((now - occurrence).Ticks / _expression.Interval.Ticks) + 1;
        return occurrence.ToUniversalTime() + TimeSpan.FromTicks(steps * _expression.Interval.Ticks);
    }

    /// <summary>True when two occurrences can follow within a minute: such a schedule is never caught up.</summary>
    public bool IsUnderAMinute => _calendar is null ? _expression.Interval < Minute : _calendar.RunsWithinAMinute;

    /// <summary>Schedule and zone as host storage keeps them: another text means that one of them was edited.</summary>
    public string In(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return $"{Text} ({zone.Id})";
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
