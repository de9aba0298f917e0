namespace Ebb.Schedules.Tests;

public sealed class TimeZoneNamesTests
{
    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData(":Europe/Berlin", "Europe/Berlin")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("w. europe standard time", "Europe/Berlin")]
    [InlineData("Eastern Standard Time", "America/New_York")]
    [InlineData("UTC", "UTC")]
    public void Find_IanaOrWindowsName_IsTheZone(string name, string expected) => TimeZoneNames.Find(name)!.Id.ShouldBe(expected);

    [Fact]
    public void Find_EveryWindowsName_IsInTheZoneData()
    {
        var missing = WindowsZones.ToIana.Keys.Where(name => TimeZoneNames.Find(name) is null);

        missing.ShouldBeEmpty();
    }
}
