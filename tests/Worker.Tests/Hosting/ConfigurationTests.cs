using Ebb.TestServers.Logs;
using Ebb.Worker.SampleApp;

namespace Ebb.Worker.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task Start_EverythingWrong_SaysAllAtOnceAndExits2()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("host.json"), """{ "version": "2.0", "functionTimeout": "soon", "extensions": { "queues": { "batchSize": 0 } } }""");
        using var error = new StringWriter();

        var code = await FunctionHost.RunAsync(
            ["start", "--Sample:Schedule=whenever", "--Sample:Queue=", "--Sample:Greeting=", "--Shutdown:Grace=5", "--Runs:Max=none", "--urls=ftp://x",
                $"--Storage=sqlite:{directory.File("store")}/ebb.db"],
            [new SampleFunctionApp(), new TwinApp()],
            new HostEnvironment { WorkingDirectory = directory.Path, Error = error });

        code.ShouldBe(2);
        var said = error.ToString();
        foreach (var part in new[]
        {
            "functionTimeout", "batchSize", "whenever", "Function 'Work': its queue name is %Sample:Queue%", "Sample__Queue", "Sample:Greeting",
            "Shutdown:Grace is '5'", "Runs:Max is 'none'", "ftp://x", "'Work' exists twice", "Unknown.Setting",
            "route '/api/runs/x'", "AuthorizationLevel.User", "no JSON metadata", "poison queue of 'work'",
        })
        {
            said.ShouldContain(part);
        }

        Directory.Exists(directory.File("store")).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_NoHostJson_SaysSoOnceAndTakesTheDefaults()
    {
        using var directory = new TemporaryDirectory();
        using var logs = new CollectedLogs();
        await using (await FunctionHost.StartAsync(
            [$"--Storage=sqlite:{directory.File("store")}/ebb.db", "--urls=http://127.0.0.1:0"], [new SampleFunctionApp()],
            new HostEnvironment { WorkingDirectory = directory.Path, LoggerProvider = logs }, CancellationToken.None))
        {
            logs.Lines.Where(line => line.Contains("host.json", StringComparison.Ordinal)).ShouldHaveSingleItem()
                .ShouldStartWith($"Information: There is no host.json in {directory.Path}");
        }
    }

    [Fact]
    public async Task Settings_EachLayer_OverrulesTheOneBefore()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("appsettings.json"), """{ "Sample": { "Greeting": "from file", "Queue": "from-file" } }""");
        (await GreetAsync(directory)).ShouldBe("from file");
        (await GreetAsync(directory, "--Sample:Greeting=from the command line")).ShouldBe("from the command line");
        File.Delete(directory.File("appsettings.json"));
        (await GreetAsync(directory)).ShouldBe("hello");
    }

    private static async Task<string> GreetAsync(TemporaryDirectory directory, params string[] settings)
    {
        using var output = new StringWriter();
        (await FunctionHost.RunAsync(
            ["greet", .. settings], [new SampleFunctionApp()], new HostEnvironment { WorkingDirectory = directory.Path, Output = output })).ShouldBe(0);
        return output.ToString().Trim();
    }
}
