using Microsoft.Extensions.Configuration;

namespace Ebb.Storage.Tests.Postgres;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("postgres://ebb@db/ebb")]
    [InlineData("postgresql://ebb:s%40cret@db-1:5433,db-2/ebb?sslmode=require&pool=4&connect_timeout=5&statement_timeout=30&application_name=x")]
    [InlineData("postgres://ebb@[::1]:5432/ebb")]
    public void Validate_GoodAddress_FindsNothing(string storage) => HostStorage.Validate(new() { Storage = storage }).ShouldBeEmpty();

    [Fact]
    public void Validate_EverythingWrong_SaysItAtOnceAndNoPassword()
    {
        var problems = HostStorage.Validate(new()
        {
            Storage = "postgres://:hidden@db:99999?sslmode=maybe&pool=0&color=red",
            Schema = "My Schema",
            PasswordFile = "/nowhere/password",
            CaFile = "/nowhere/ca.crt",
            MaxRuns = 0,
        });

        foreach (var expected in new[] { "no database", "no user", "99999", "'maybe'", "pool '0'", "'color'", "'My Schema'", "/nowhere/password", "/nowhere/ca.crt", "another", "runs to keep" })
            problems.ShouldContain(problem => problem.Contains(expected), expected);
        problems.ShouldAllBe(problem => !problem.Contains("hidden"));
    }

    [Fact]
    public void Validate_PasswordWithSlash_SaysHowToWriteItAndNothingOfIt() =>
        string.Join('\n', HostStorage.Validate(new() { Storage = "postgres://ebb:se/cret@db/ebb" })).ShouldNotContain("cret@");

    [Fact]
    public void From_Settings_AreRead()
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage"] = "postgres://ebb@db/ebb",
            ["Storage:Schema"] = "other",
            ["Storage:PasswordFile"] = typeof(SettingsTests).Assembly.Location,
        }).Build();

        var options = HostStorageOptions.From(configuration, problems);

        problems.ShouldBeEmpty();
        (options.Storage, options.Schema, options.PasswordFile, options.CaFile).ShouldBe(
            ("postgres://ebb@db/ebb", "other", typeof(SettingsTests).Assembly.Location, null));
    }
}
