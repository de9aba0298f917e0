using FsCheck;
using FsCheck.Fluent;

namespace Ebb.Schedules.Tests;

public sealed class ScheduleProperties
{
    private const int Runs = 20;

    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns"];

    private static readonly DateTimeOffset Epoch = DateTimeOffset.Parse("2024-01-01T00:00:00Z");

    [Fact]
    public void Next_AnyExpressionAndZone_IncreasesStrictlyAndMatches() =>
        Prop.ForAll(Arb.From(Cases()), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static bool Holds(Case given)
    {
        var schedule = Schedule.Parse(given.Text);
        var zone = TimeZoneNames.Find(given.Zone)!;
        var previous = given.Start;
        for (var i = 0; i < Runs; i++)
        {
            var next = schedule.Next(previous, zone);
            if (next <= previous || !(given.Matches(next, zone) || IsRightAfterAGap(next, zone)))
            {
                return false;
            }

            previous = next;
        }

        return true;
    }

    private static bool IsRightAfterAGap(DateTimeOffset moment, TimeZoneInfo zone) =>
        zone.GetUtcOffset(moment) > zone.GetUtcOffset(moment.AddTicks(-1));

    private static Gen<Case> Cases() =>
        from second in Field(0, 59)
        from minute in Field(0, 59)
        from hour in Field(0, 23)
        from day in Field(1, 28)
        from month in Field(1, 12)
        from zone in Gen.Elements(Zones)
        from seconds in Gen.Choose(0, 3 * 366 * 86_400)
        select new Case(second, minute, hour, day, month, zone, Epoch.AddSeconds(seconds));

    private static Gen<Field> Field(int minimum, int maximum) => Gen.OneOf(
        Gen.Constant(new Field("*", _ => true)),
        Gen.Choose(minimum, maximum).Select(only => new Field($"{only}", value => value == only)),
        Gen.Choose(2, 15).Select(step => new Field($"*/{step}", value => (value - minimum) % step == 0)),
        from low in Gen.Choose(minimum, maximum)
        from high in Gen.Choose(low, maximum)
        select new Field($"{low}-{high}", value => value >= low && value <= high),
        from one in Gen.Choose(minimum, maximum)
        from other in Gen.Choose(minimum, maximum)
        select new Field($"{one},{other}", value => value == one || value == other));
}

internal sealed record Field(string Text, Func<int, bool> Matches);

internal sealed record Case(Field Second, Field Minute, Field Hour, Field Day, Field Month, string Zone, DateTimeOffset Start)
{
    public string Text => $"{Second.Text} {Minute.Text} {Hour.Text} {Day.Text} {Month.Text} *";

    public bool Matches(DateTimeOffset moment, TimeZoneInfo zone)
    {
        var clock = TimeZoneInfo.ConvertTime(moment, zone);
        return Second.Matches(clock.Second) && Minute.Matches(clock.Minute) && Hour.Matches(clock.Hour) && Day.Matches(clock.Day) && Month.Matches(clock.Month);
    }

    public override string ToString() => $"{Text} ({Zone}) after {Start:O}";
}
