using Ebb.EndToEnd.Tests.Processes;

namespace Ebb.EndToEnd.Tests;

public sealed class ConfigurationTests
{
    private static readonly Dictionary<string, string> Broken = new(StringComparer.Ordinal)
    {
        ["Storage"] = "sqlite:/proc/nowhere/ebb.db",
        ["ImageMirror__MaxParallelImages"] = "many",
        ["ImageMirror__Schedule"] = "every now and then",
        ["Signing__Key"] = "/does/not/exist.key",
        ["Runs__Retention"] = "for ever",
    };

    [Fact]
    public Task Ebb_BrokenConfiguration_NamesEveryProblemAndExitsWith2() => NamesEveryProblemAsync(Peers.Ebb);

    [Fact]
    public Task NativeImageMirror_BrokenConfiguration_NamesEveryProblemAndExitsWith2() => NamesEveryProblemAsync(Peers.NativeImageMirror);

    private static async Task NamesEveryProblemAsync(string executable)
    {
        var result = await ToolResult.RunAsync(executable, ["start", "--urls", "http://127.0.0.1:0"], Broken);

        result.ExitCode.ShouldBe(2, result.Output + result.Errors);
        foreach (var part in new[] { "ImageMirror:MaxParallelImages", "many", "every now and then", "/does/not/exist.key", "Runs:Retention", "for ever" })
        {
            result.Errors.ShouldContain(part);
        }
    }
}
