namespace Ebb.Schedules;

/// <summary>A moment at which a zone's offset from UTC changes.</summary>
/// <param name="At">The first moment with the new offset.</param>
/// <param name="Old">The offset before.</param>
/// <param name="New">The offset from then on.</param>
internal sealed record ZoneChange(DateTimeOffset At, TimeSpan Old, TimeSpan New)
{
    // No zone ever moved its clocks by more than a day, nor changed twice within a day.
    private static readonly TimeSpan Step = TimeSpan.FromDays(1);

    /// <summary>The clocks jump forward: some times do not exist.</summary>
    public bool IsGap => New > Old;

    /// <summary>The clocks go back: some times exist twice.</summary>
    public bool IsRepeat => New < Old;

    /// <summary>What the clocks would show if they had not been changed.</summary>
    public DateTime EndOnOldClock => At.ToOffset(Old).DateTime;

    /// <summary>What the clocks show.</summary>
    public DateTime StartOnNewClock => At.ToOffset(New).DateTime;

    /// <summary>The change in the day up to and including <paramref name="moment"/>, if there is one.</summary>
    public static ZoneChange? LastBefore(DateTimeOffset moment, TimeZoneInfo zone) =>
        moment - DateTimeOffset.MinValue < Step ? null : FirstBetween(moment - Step, moment, zone);

    /// <summary>The first change after <paramref name="start"/>, up to and including <paramref name="end"/>.</summary>
    public static ZoneChange? FirstBetween(DateTimeOffset start, DateTimeOffset end, TimeZoneInfo zone)
    {
        var old = zone.GetUtcOffset(start);
        for (var low = start; low < end;)
        {
            var high = end - low > Step ? low + Step : end;
            if (zone.GetUtcOffset(high) != old)
            {
                return Between(low, high, old, zone);
            }

            low = high;
        }

        return null;
    }

    private static ZoneChange Between(DateTimeOffset low, DateTimeOffset high, TimeSpan old, TimeZoneInfo zone)
    {
        while (high - low > TimeSpan.FromTicks(1))
        {
            var middle = low + ((high - low) / 2);
            if (zone.GetUtcOffset(middle) == old)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return new(high, old, zone.GetUtcOffset(high));
    }
}
