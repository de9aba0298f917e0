using System.Globalization;
using Ebb.SecretBump.Policies;

namespace Ebb.SecretBump.Tests.Policies;

public sealed class DeploymentWindowTests
{
    [Theory]
    // 2026-11-23 is a Monday.
    [InlineData("Mon-Fri 08:00-16:00", "2026-11-23T08:00:00Z", true)]
    [InlineData("Mon-Fri 08:00-16:00", "2026-11-23T07:59:59Z", false)]
    [InlineData("Mon-Fri 08:00-16:00", "2026-11-23T16:00:00Z", false)]
    [InlineData("Mon-Fri 08:00-16:00", "2026-11-28T10:00:00Z", false)]
    [InlineData("Fri-Mon 08:00-16:00", "2026-11-29T10:00:00Z", true)]
    [InlineData("Mon 22:00-02:00", "2026-11-24T01:00:00Z", true)]
    [InlineData("Mon 22:00-02:00", "2026-11-23T01:00:00Z", false)]
    [InlineData("mon 08:00-10:00, Sat 10:00-12:00", "2026-11-28T11:00:00Z", true)]
    [InlineData("Sun-Sat 00:00-24:00", "2026-11-28T23:59:59Z", true)]
    public void IsOpen_Hours_AreThoseOfTheWeek(string text, string at, bool expected)
    {
        DeploymentWindow.TryParse(text, TimeZoneInfo.Utc, out var window).ShouldBeTrue();
        window!.IsOpen(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)).ShouldBe(expected);
    }

    [Fact]
    public void IsOpen_Zone_CountsItsOwnHours()
    {
        DeploymentWindow.TryParse("Mon 08:00-09:00", TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), out var window).ShouldBeTrue();
        window!.IsOpen(new DateTimeOffset(2026, 11, 23, 7, 30, 0, TimeSpan.Zero)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mon")]
    [InlineData("Mon 08:00")]
    [InlineData("Mon 08:00-08:00")]
    [InlineData("Mon 8-16")]
    [InlineData("Mon-Tue-Wed 08:00-16:00")]
    [InlineData("Moon 08:00-16:00")]
    [InlineData("Mon 08:00-25:00")]
    [InlineData("Mon 08:00-16:00,")]
    public void TryParse_NoWindow_IsRefused(string text) => DeploymentWindow.TryParse(text, TimeZoneInfo.Utc, out _).ShouldBeFalse();
}
