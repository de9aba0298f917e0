using System.Globalization;

namespace Ebb.Scaler.Metadata;

/// <summary>A short duration as people write it in YAML: <c>20s</c>, <c>2m</c>, <c>00:00:20</c>.</summary>
internal static class LeadText
{
    public const string Form = "a duration from 0s to 1h, as 20s, 2m or 00:00:20";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static bool TryParse(string text, out TimeSpan lead)
    {
        lead = default;
        return (TryParseUnit(text, out lead) || TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out lead)) && lead <= Longest;
    }

    private static bool TryParseUnit(string text, out TimeSpan lead)
    {
        lead = default;
        if (text.Length is < 2 or > 6 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        lead = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(value),
            'm' => TimeSpan.FromMinutes(value),
            'h' => TimeSpan.FromHours(value),
            _ => TimeSpan.MinValue,
        };
        return lead >= TimeSpan.Zero;
    }
}
