using System.Globalization;

namespace Ebb.Schedules;

/// <summary>Reads durations that people write. Also compiled into the source generator, hence the plain C#.</summary>
internal static class DurationText
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Form = "hh:mm:ss or d.hh:mm:ss";

    // TimeSpan.Parse would take "5" and "24:00:00" for days; that is never what a person means.
    private static readonly string[] Formats =
    {
        @"h\:mm", @"h\:mm\:ss", @"h\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF",
    };

    /// <summary>Reads a duration that is not negative.</summary>
    public static bool TryParse(string? text, out TimeSpan duration) =>
        TimeSpan.TryParseExact(text, Formats, CultureInfo.InvariantCulture, out duration);
}
