namespace Ebb.Schedules.Tests;

/// <summary>The fields of seconds and minutes, against a walk over every second.</summary>
public sealed class ClockFieldTests
{
    private const int Walked = 2 * 86_400;

    private static readonly Field[] Fields =
    [
        new("*", _ => true), new("0", value => value == 0), new("30", value => value == 30), new("59", value => value == 59),
        new("*/10", value => value % 10 == 0), new("*/7", value => value % 7 == 0), new("5-10", value => value is >= 5 and <= 10),
        new("50/5", value => value >= 50 && value % 5 == 0), new("1,31,59", value => value is 1 or 31 or 59), new("10-40/15", value => value is 10 or 25 or 40),
    ];

    private static readonly Field[] Hours = [new("*", _ => true), new("2", value => value == 2), new("*/6", value => value % 6 == 0)];

    private static readonly TimeSpan[] Starts =
        [TimeSpan.Zero, new(0, 0, 59), new(2, 29, 59), new(2, 30, 0), new(2, 30, 50), new(2, 59, 59), new(23, 59, 59), new(13, 7, 31)];

    public static TheoryData<string> Seconds => [.. Fields.Select(one => one.Text)];

    [Theory]
    [MemberData(nameof(Seconds))]
    public void Next_SecondsAndMinutes_AreThoseOfAWalkOverTheSeconds(string seconds)
    {
        var second = Fields.Single(one => one.Text == seconds);
        foreach (var minute in Fields)
        {
            foreach (var hour in Hours)
            {
                var schedule = Schedule.Parse($"{second.Text} {minute.Text} {hour.Text} * * *");
                foreach (var start in Starts)
                {
                    var expected = Walk(second, minute, hour, start);
                    (schedule.Next(At(start), TimeZoneInfo.Utc) - At(TimeSpan.Zero)).ShouldBe(expected, $"{schedule} after {start}");
                }
            }
        }
    }

    private static TimeSpan Walk(Field second, Field minute, Field hour, TimeSpan start)
    {
        for (var passed = (int)start.TotalSeconds + 1; passed < Walked; passed++)
        {
            if (second.Matches(passed % 60) && minute.Matches(passed / 60 % 60) && hour.Matches(passed / 3600 % 24))
            {
                return TimeSpan.FromSeconds(passed);
            }
        }

        throw new InvalidOperationException("Every one of these has an occurrence each day.");
    }

    private static DateTimeOffset At(TimeSpan clock) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + clock;
}
