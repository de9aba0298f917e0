using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;

namespace Ebb.SecretBump.Tests.Contracts;

public sealed class ImportReaderTests
{
    [Fact]
    public void Read_Good_TakesEverything()
    {
        using var read = ImportReader.Read("\uFEFF{\"application\":\"shop\",\"environments\":{\"dev\":{\"A\":\"1\\u00fc\",\"B\":\"\"}},\"dryRun\":true}"u8.ToArray(), new ListProblems())!;
        var (secrets, dryRun) = (read.ToSecrets(), read.DryRun);

        dryRun.ShouldBeTrue();
        secrets.Environments["dev"].ShouldBe(new Dictionary<string, string> { ["A"] = "1ü", ["B"] = "" });
        secrets.ToString().ShouldBe("2 keys for 1 environments of shop");
    }

    [Fact]
    public void Read_DuplicateNullAndNumber_AreAllNamedWithoutValues()
    {
        var problems = Problems("""{"application":"shop","environments":{"dev":{"A":"hidden","A":"hidden","N":null,"X":4711,"":"hidden"}}}""");

        problems.Select(problem => problem.Split(": ")[0]).ShouldBe(["environments.dev.A", "environments.dev.N", "environments.dev.X", "environments.dev."]);
        problems.ShouldAllBe(problem => !problem.Contains("hidden") && !problem.Contains("4711"));
    }

    [Fact]
    public void Read_ValueOf2MB_IsRefused()
    {
        var json = OfOne(new string('x', 2 * 1024 * 1024));
        Problems(json).ShouldHaveSingleItem().ShouldContain("at most 2097152 bytes");
    }

    [Fact]
    public void Read_ValueOf300KB_IsNamed() =>
        Problems(OfOne(new string('x', 300 * 1024))).ShouldHaveSingleItem().ShouldStartWith("environments.dev.A: ");

    [Fact]
    public void Read_5000Keys_AreRefused()
    {
        var keys = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"K{i}\":\"v\""));
        Problems($$$"""{"application":"shop","environments":{"dev":{ {{{keys}}} } } }""").ShouldHaveSingleItem().ShouldContain("5000 keys");
    }

    [Theory]
    [InlineData("""{"application":"shop"}""")]
    [InlineData("""{"application":"shop","environments":{}}""")]
    [InlineData("""{"application":"shop","environments":{"dev":{}}}""")]
    [InlineData("""{"application":"shop","environments":{"../x":{"A":"1"}}}""")]
    [InlineData("""{"application":"shop","environments":[]}""")]
    public void Read_NothingToImport_IsNamed(string json) => Problems(json).ShouldHaveSingleItem().ShouldStartWith("environments");

    private static string OfOne(string value) => $$$"""{"application":"shop","environments":{"dev":{"A":"{{{value}}}"} }}""";

    private static IReadOnlyList<string> Problems(string json)
    {
        var problems = new ListProblems();
        ImportReader.Read(System.Text.Encoding.UTF8.GetBytes(json), problems).ShouldBeNull();
        return problems.Messages;
    }
}
