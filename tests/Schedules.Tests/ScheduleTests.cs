namespace Ebb.Schedules.Tests;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 0 3 * * *", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("0 3 * * *", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("  0  3\t* * * ", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("*/10 30 2 * * *", "2026-01-01T00:00:00Z", "2026-01-01T02:30:00Z")]
    [InlineData("*/15 * * * * *", "2026-01-01T00:00:44.9Z", "2026-01-01T00:00:45Z")]
    [InlineData("*/15 * * * * *", "2026-01-01T00:00:45Z", "2026-01-01T00:01:00Z")]
    [InlineData("0 0 9 * * Mon-Fri", "2026-01-02T10:00:00Z", "2026-01-05T09:00:00Z")]
    [InlineData("0 0 9 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T09:00:00Z")]
    [InlineData("0 0 0 1 jan *", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 0 29 2 1", "2026-01-01T00:00:00Z", "2044-02-29T00:00:00Z")]
    [InlineData("0 0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z")]
    [InlineData("0 5,10-12,50/5 * * * *", "2026-01-01T00:12:00Z", "2026-01-01T00:50:00Z")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z")]
    [InlineData("00:00:30", "2026-01-01T00:00:07Z", "2026-01-01T00:00:37Z")]
    [InlineData("1.00:00:00", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    public void Next_InUtc_IsTheFirstOccurrenceAfter(string text, string after, string expected) =>
        Schedule.Parse(text).Next(At(after), TimeZoneInfo.Utc).ShouldBe(At(expected));

    [Theory]
    [InlineData("", "0 fields")]
    [InlineData("every day", "2 fields")]
    [InlineData("* * * *", "4 fields")]
    [InlineData("0 0 0 3 * * *", "7 fields")]
    [InlineData("0 60 * * * *", "60")]
    [InlineData("0 0 24 * * *", "24")]
    [InlineData("0 0 0 0 * *", "0")]
    [InlineData("0 0 0 * 13 *", "13")]
    [InlineData("0 0 0 * * 8", "8")]
    [InlineData("0 0 0 * foo *", "foo")]
    [InlineData("0 0 0 30 2 *", "no date in the calendar")]
    [InlineData("0 0 0 31 4,6,9,11 *", "no date in the calendar")]
    [InlineData("5", "no duration")]
    [InlineData("24:00:00", "no duration")]
    [InlineData("-00:00:05", "no duration")]
    [InlineData("00:00:00", "one second")]
    [InlineData("00:00:00.5", "one second")]
    [InlineData("400.00:00:00", "366 days")]
    [InlineData("%Setting%", "no duration")]
    public void TryParse_Invalid_SaysWhatIsWrongAndWhatWouldBeRight(string text, string reason)
    {
        Schedule.TryParse(text, out var schedule, out var error).ShouldBeFalse();

        schedule.ShouldBeNull();
        error.ShouldStartWith($"'{text}' is no schedule: ");
        error.ShouldContain(reason);
        error.ShouldContain("{second} {minute} {hour} {day} {month} {day of week}");
    }

    [Theory]
    [InlineData("* * * * * *", true)]
    [InlineData("0,30 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("* * * * *", false)]
    [InlineData("00:00:59", true)]
    [InlineData("00:01:00", false)]
    public void IsUnderAMinute_Expression_IsTold(string text, bool expected) => Schedule.Parse(text).IsUnderAMinute.ShouldBe(expected);

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z")]
    [InlineData("2026-01-01T05:17:00Z", "2026-01-01T06:00:00Z")]
    [InlineData("2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z")]
    public void NextAfter_LateDuration_KeepsItsStep(string now, string expected) =>
        Schedule.Parse("01:00:00").NextAfter(At("2026-01-01T00:00:00Z"), At(now), TimeZoneInfo.Utc).ShouldBe(At(expected));

    [Fact]
    public void Next_BeyondTheCalendar_Throws() =>
        Should.Throw<InvalidOperationException>(() => Schedule.Parse("0 0 0 1 1 *").Next(At("9999-06-01T00:00:00Z"), TimeZoneInfo.Utc));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
