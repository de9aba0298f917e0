using Microsoft.Extensions.Configuration;

namespace Ebb.Settings.Tests;

/// <summary>Why settings are not bound by Microsoft.Extensions.Configuration.Binder: decision 37 rests on this.</summary>
public sealed class BinderTests
{
    [Fact]
    public void Get_TwoWrongValues_TellsOneOfThemByItsTypeAndShowsIt()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create("Number", (string?)"geheim"), KeyValuePair.Create("Time", (string?)"soon")]).Build();

        var error = Should.Throw<InvalidOperationException>(() => configuration.Get<Bound>());

        error.Message.ShouldContain("Number");
        error.Message.ShouldNotContain("Time");
        error.Message.ShouldContain("System.Int32");
        error.ToString().ShouldContain("geheim");
    }

    private sealed class Bound
    {
        public int Number { get; init; }

        public TimeSpan Time { get; init; }
    }
}
