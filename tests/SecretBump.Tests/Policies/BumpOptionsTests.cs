using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Tests.Policies;

public sealed class BumpOptionsTests
{
    [Fact]
    public void Validate_ManyMistakes_AreAllNamed()
    {
        var problems = Problems(
            ("SecretBump:Environments:prd:Policy", "manual"),
            ("SecretBump:Environments:prd:Window", "whenever"),
            ("SecretBump:Environments:prd:Afer", "dev"),
            ("SecretBump:Environments:dev:After", "dev"),
            ("SecretBump:MaxConflicts", "0"),
            ("SecretBump:SyncTimeout", "5"),
            ("SecretBump:Reloader", "true"),
            ("SecretBump:Environments:prd:Reloader", "never"),
            ("SecretBump:TimeZone", "Middle/Earth"),
            ("SecretBump:RequireImage", "https://x/y"),
            ("SecretBump:DefaultEnvironments", "dev,../x"),
            ("SecretBump:Namespace", "Shop_{environment}"));

        foreach (var key in new[] { "prd:Policy", "prd:Window", "prd:Afer", "prd:Reloader", "dev:After", "Reloader", "MaxConflicts", "SyncTimeout", "TimeZone", "RequireImage", "DefaultEnvironments", "Namespace" })
        {
            problems.ShouldContain(problem => problem.StartsWith($"SecretBump:{(key.StartsWith("prd", StringComparison.Ordinal) || key.StartsWith("dev", StringComparison.Ordinal) ? "Environments:" : "")}{key}"), customMessage: key);
        }
    }

    [Fact]
    public void Validate_NothingConfigured_IsFine() => Problems().ShouldBeEmpty();

    private static List<string> Problems(params (string Key, string Value)[] settings) => [.. new SecretBumpApp().Validate(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build())];
}
