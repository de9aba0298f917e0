using Ebb.Worker.Timers;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Tests.Timers;

public sealed class TimerSettingsTests
{
    private static readonly TimerTriggerDefinition Trigger = new("0 0 3 * * *", UseMonitor: true, RunOnStartup: false) { CatchUp = CatchUp.All, CatchUpLimit = 7 };

    [Fact]
    public void Apply_NothingSet_LeavesTheAttribute() => Apply(out _).ShouldBe(Trigger);

    [Theory]
    [InlineData("none", CatchUp.None)]
    [InlineData(" Last ", CatchUp.Last)]
    [InlineData("ALL", CatchUp.All)]
    public void Apply_PolicySet_Overrides(string text, CatchUp expected)
    {
        var applied = Apply(out var problems, ("Timers:Chore:CatchUp", text), ("Timers:Chore:CatchUpLimit", "30"), ("Timers:Other:CatchUp", "None"));

        applied.CatchUp.ShouldBe(expected);
        applied.CatchUpLimit.ShouldBe(30);
        problems.ShouldBeEmpty();
    }

    [Fact]
    public void Apply_BothWrong_SaysBothAtOnce()
    {
        Apply(out var problems, ("Timers:Chore:CatchUp", "Everything"), ("Timers:Chore:CatchUpLimit", "0"));

        problems.Count.ShouldBe(2);
        problems.ShouldContain(problem => problem.StartsWith("Timers:Chore:CatchUp is 'Everything'; write None", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.StartsWith("Timers:Chore:CatchUpLimit is '0'; write a whole number from 1 to 1000", StringComparison.Ordinal));
    }

    private static TimerTriggerDefinition Apply(out List<string> problems, params (string Key, string Value)[] settings)
    {
        problems = [];
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        return TimerSettings.Apply(Trigger, "Chore", configuration, problems);
    }
}
