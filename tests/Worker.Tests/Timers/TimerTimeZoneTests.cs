using Ebb.Worker.Timers;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Tests.Timers;

public sealed class TimerTimeZoneTests
{
    [Fact]
    public void TryRead_NothingSet_IsUtc()
    {
        TimerTimeZone.TryRead(Settings(), out var zone, out var error).ShouldBeTrue();

        zone.ShouldBe(TimeZoneInfo.Utc);
        error.ShouldBeNull();
    }

    [Fact]
    public void TryRead_BothSet_TakesTheWebsiteZone()
    {
        TimerTimeZone.TryRead(Settings(("WEBSITE_TIME_ZONE", "Eastern Standard Time"), ("TZ", "Europe/Berlin")), out var zone, out _).ShouldBeTrue();

        zone!.Id.ShouldBe("America/New_York");
    }

    [Theory]
    [InlineData("Middle/Earth")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3")]
    public void TryRead_Unknown_NamesSettingValueAndRemedy(string value)
    {
        TimerTimeZone.TryRead(Settings(("TZ", value)), out var zone, out var error).ShouldBeFalse();

        zone.ShouldBeNull();
        error.ShouldStartWith($"TZ is '{value}', which is no time zone that is known here.");
        error.ShouldContain("Europe/Berlin");
        error.ShouldContain("tzdata");
    }

    private static IConfiguration Settings(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}
