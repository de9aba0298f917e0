using System.Globalization;

namespace Ebb.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit (PROTOCOL-HTTP2, Requests, Timeout).</summary>
internal static class GrpcTimeout
{
    public const string Header = "grpc-timeout";

    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    // 99,999,999 hours are 11,000 years; a timer takes 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>Reads the header; what is longer than 49 days is 49 days.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || TicksOf(text[^1]) is not { } unit)
        {
            return false;
        }

        // A unit under 100 ns is rounded up, so that a deadline never comes early.
        var ticks = text[^1] == 'n' ? (value + 99) / 100 : value > Longest.Ticks / unit ? Longest.Ticks : value * unit;
        timeout = TimeSpan.FromTicks(Math.Min(ticks, Longest.Ticks));
        return true;
    }

    /// <summary>Writes the header in the finest unit that fits.</summary>
    public static string Format(TimeSpan timeout)
    {
        foreach (var (unit, name) in new[] { (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'), (TimeSpan.TicksPerMinute, 'M') })
        {
            var value = Math.Max(1, timeout.Ticks / unit);
            if (value <= MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value}{name}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(MaxValue, timeout.Ticks / TimeSpan.TicksPerHour)}H");
    }

    private static long? TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 1,
        _ => null,
    };
}
