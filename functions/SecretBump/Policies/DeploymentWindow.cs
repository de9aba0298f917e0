using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ebb.SecretBump.Policies;

/// <summary>Hours of the week: <c>Mon-Fri 08:00-16:00</c>, several joined by commas. An end before its beginning is the next day's.</summary>
public sealed class DeploymentWindow
{
    private static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly string _text;
    private readonly IReadOnlyList<Span> _spans;
    private readonly TimeZoneInfo _zone;

    private DeploymentWindow(string text, IReadOnlyList<Span> spans, TimeZoneInfo zone) => (_text, _spans, _zone) = (text, spans, zone);

    /// <summary>Reads a window; its hours are those of the zone.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, [NotNullWhen(true)] out DeploymentWindow? window)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spans = text.Split(',', StringSplitOptions.TrimEntries).Select(Span.Parse).ToList();
        window = spans.TrueForAll(span => span is not null) ? new(text, [.. spans.Select(span => span!.Value)], zone) : null;
        return window is not null;
    }

    /// <summary>Whether it is open.</summary>
    public bool IsOpen(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, _zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        return _spans.Any(span => span.Holds(local.DayOfWeek, time));
    }

    /// <summary>As it was written, with the zone.</summary>
    public override string ToString() => $"{_text} ({_zone.Id})";

    private readonly record struct Span(DayOfWeek First, DayOfWeek Last, TimeOnly From, TimeOnly To)
    {
        private const int Week = 7;

        public static Span? Parse(string text)
        {
            if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var days, var hours] || hours.Split('-') is not [var from, var to])
            {
                return null;
            }

            var names = days.Split('-');
            return names.Length <= 2 && Day(names[0]) is { } first && Day(names[^1]) is { } last && Time(from) is { } begin && Time(to) is { } end && begin != end
                ? new Span(first, last, begin, end)
                : null;
        }

        // What begins late in the evening ends on the day after.
        public bool Holds(DayOfWeek day, TimeOnly time) => From < To
            ? IsDay(day) && time >= From && time < To
            : (IsDay(day) && time >= From) || (IsDay((DayOfWeek)(((int)day + Week - 1) % Week)) && time < To);

        private bool IsDay(DayOfWeek day) => ((int)day - (int)First + Week) % Week <= ((int)Last - (int)First + Week) % Week;

        private static DayOfWeek? Day(string text) =>
            Array.FindIndex(Days, day => day.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var day ? (DayOfWeek)day : null;

        private static TimeOnly? Time(string text) => text == "24:00" ? TimeOnly.MaxValue
            : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }
}
