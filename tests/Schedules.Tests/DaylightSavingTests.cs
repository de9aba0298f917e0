namespace Ebb.Schedules.Tests;

/// <summary>
/// Berlin 2026: 29 March 01:00 UTC, 2:00 becomes 3:00; 25 October 01:00 UTC, 3:00 becomes 2:00.
/// New York 2026: 8 March 07:00 UTC, 2:00 becomes 3:00; 1 November 06:00 UTC, 2:00 becomes 1:00.
/// </summary>
public sealed class DaylightSavingTests
{
    private const string Berlin = "Europe/Berlin";
    private const string NewYork = "America/New_York";

    [Theory]
    [InlineData("0 30 2 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T00:30")]
    [InlineData("30 2 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T00:30")]
    [InlineData("0 0 2 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T00:00")]
    [InlineData("0 0 3 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T01:00")]
    [InlineData("0 15,45 2 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T00:15 03-30T00:45")]
    [InlineData("0 0 2,3 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T00:00 03-30T01:00")]
    [InlineData("0 30 2 * * *", NewYork, "03-07T12:00", "03-08T07:00 03-09T06:30")]
    [InlineData("0 30 2 8 3 *", NewYork, "03-01T12:00", "03-08T07:00")]
    public void Next_NamedHourInTheGap_RunsOnceRightAfterIt(string text, string zone, string after, string expected) =>
        Check(text, zone, after, expected);

    [Theory]
    [InlineData("0 */30 * * * *", Berlin, "03-29T00:30", "03-29T01:00 03-29T01:30")]
    [InlineData("0 30 * * * *", Berlin, "03-29T00:00", "03-29T00:30 03-29T01:30")]
    [InlineData("0 30 */2 * * *", Berlin, "03-28T23:00", "03-28T23:30 03-29T02:30")]
    [InlineData("0 30 * * * *", NewYork, "03-08T06:00", "03-08T06:30 03-08T07:30")]
    public void Next_AnyHourInTheGap_GoesOnWithTheClock(string text, string zone, string after, string expected) =>
        Check(text, zone, after, expected);

    [Fact]
    public void Next_MinutesWithinANamedHourInTheGap_RunOnceRightAfterIt() =>
        Check("0 */20 2 * * *", Berlin, "03-28T12:00", "03-29T01:00 03-30T00:00 03-30T00:20");

    [Theory]
    [InlineData("0 30 2 * * *", Berlin, "10-24T12:00", "10-25T00:30 10-26T01:30")]
    [InlineData("0 0 2 * * *", Berlin, "10-24T12:00", "10-25T00:00 10-26T01:00")]
    [InlineData("0 0 3 * * *", Berlin, "10-24T12:00", "10-25T02:00 10-26T02:00")]
    [InlineData("0 30 2 * * *", Berlin, "10-25T01:10", "10-26T01:30")]
    [InlineData("0 30 2 * * *", Berlin, "10-25T01:00", "10-26T01:30")]
    [InlineData("0 10,50 2 * * *", Berlin, "10-25T00:30", "10-25T00:50 10-26T01:10")]
    [InlineData("0 30 1 * * *", NewYork, "10-31T12:00", "11-01T05:30 11-02T06:30")]
    [InlineData("0 0 2 * * *", NewYork, "10-31T12:00", "11-01T07:00 11-02T07:00")]
    public void Next_PointInTimeInTheRepeatedHour_RunsInTheFirstPassOnly(string text, string zone, string after, string expected) =>
        Check(text, zone, after, expected);

    [Theory]
    [InlineData("0 */30 * * * *", Berlin, "10-24T23:30", "10-25T00:00 10-25T00:30 10-25T01:00 10-25T01:30 10-25T02:00")]
    [InlineData("0 30 * * * *", Berlin, "10-24T23:45", "10-25T00:30 10-25T01:30 10-25T02:30")]
    [InlineData("0 */30 2 * * *", Berlin, "10-24T23:45", "10-25T00:00 10-25T00:30 10-25T01:00 10-25T01:30 10-26T01:00")]
    [InlineData("0 */30 * * * *", NewYork, "11-01T05:15", "11-01T05:30 11-01T06:00 11-01T06:30 11-01T07:00")]
    public void Next_IntervalInTheRepeatedHour_KeepsRunning(string text, string zone, string after, string expected) =>
        Check(text, zone, after, expected);

    [Theory]
    [InlineData("12:00:00", Berlin, "03-28T18:00", "03-29T06:00 03-29T18:00")]
    [InlineData("12:00:00", Berlin, "10-24T18:00", "10-25T06:00 10-25T18:00")]
    public void Next_Duration_IsRealTime(string text, string zone, string after, string expected) => Check(text, zone, after, expected);

    [Fact]
    public void Next_ChangeOfHalfAnHour_IsFollowed() =>
        // Lord Howe Island, 5 April 2026 02:00 becomes 01:30 (from UTC+11 to UTC+10:30); 4 October 02:00 becomes 02:30.
        Check("0 45 1 * * *", "Australia/Lord_Howe", "04-04T12:00", "04-04T14:45 04-05T15:15");

    [Fact]
    public void Next_DayThatNeverWas_RunsOnceRightAfterIt()
    {
        // Samoa went from 29 to 31 December 2011 across the date line.
        var zone = TimeZoneNames.Find("Pacific/Apia")!;
        var noon = Schedule.Parse("0 0 12 * * *");

        var first = noon.Next(DateTimeOffset.Parse("2011-12-29T22:00:00Z"), zone);
        var second = noon.Next(first, zone);

        first.ShouldBe(DateTimeOffset.Parse("2011-12-30T10:00:00Z"));
        second.ShouldBe(DateTimeOffset.Parse("2011-12-30T22:00:00Z"));
    }

    private static void Check(string text, string zone, string after, string expected)
    {
        var schedule = Schedule.Parse(text);
        var at = At(after);
        foreach (var occurrence in expected.Split(' '))
        {
            at = schedule.Next(at, TimeZoneNames.Find(zone)!);
            at.ShouldBe(At(occurrence));
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse($"2026-{text}:00Z");
}
