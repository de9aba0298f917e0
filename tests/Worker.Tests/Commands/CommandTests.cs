using System.Text.Json.Nodes;
using Ebb.TestServers.Logs;
using Ebb.Worker.SampleApp;
using Ebb.Worker.Tests.Hosting;

namespace Ebb.Worker.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_Succeeds_PrintsOnlyTheRunAndExits0()
    {
        var (code, output, error) = await SampleProcess.RunAsync(_directory, "run", "Work", "--input", """{"do":"ok"}""");
        code.ShouldBe(0, error);
        var run = JsonNode.Parse(output)!;
        ((string)run["state"]!).ShouldBe("succeeded");
        ((string)run["result"]!["did"]!).ShouldBe("ok");
        error.ShouldContain("\"Category\":\"Ebb.Worker.Invocation\"");
    }

    [Fact]
    public async Task Run_Fails_IsRecordedAndExits1()
    {
        var input = _directory.File("input.json");
        await File.WriteAllTextAsync(input, """{"do":"fail"}""");
        (await RunAsync("run", "Work", "--input", $"@{input}")).Code.ShouldBe(1);
        var listed = await RunAsync("runs", "--state", "failed", "--json");
        JsonNode.Parse(listed.Output)!.AsArray().Single()!["error"]!["message"]!.GetValue<string>().ShouldBe("It was told to fail.");
    }

    [Fact]
    public async Task Run_Postponed_WaitsAndEndsAsTheFunctionDoes()
    {
        var file = _directory.File("steps");
        var run = RunAsync("run", "Work", "--input", $$"""{"do":"wait-until-told","file":"{{file}}","milliseconds":10}""");
        await SampleHost.EventuallyAsync(() => Task.FromResult(File.Exists(file) && File.ReadLines(file).Count() > 1), "a second look");
        await File.WriteAllTextAsync($"{file}.go", "");
        (await run).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Run_Timer_Runs() => (await RunAsync("run", "tick")).Code.ShouldBe(0);

    [Theory]
    [InlineData("Did you mean 'Work'", "run", "Worc")]
    [InlineData("is an HTTP function", "run", "Hello")]
    [InlineData("--input", "run", "Work", "--input", "@nowhere.json")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("--nope", "functions", "--nope=1")]
    [InlineData("is not the id", "runs", "abc")]
    [InlineData("queue's name", "queue", "peek", "a b")]
    [InlineData("--key-file needs --url", "runs", "--key-file", "x")]
    [InlineData("--roles: nowhere.json", "storage", "migrate", "--roles", "nowhere.json")]
    public async Task Command_WrongUsage_SaysWhyAndExits2(string said, params string[] args)
    {
        var (code, _, error) = await RunAsync(args);
        code.ShouldBe(2);
        error.ShouldContain(said);
    }

    [Fact]
    public async Task StorageMigrate_FileStore_SaysThatThereIsNothingToMigrateAndExits1()
    {
        var (code, _, error) = await RunAsync("storage", "migrate");
        code.ShouldBe(1);
        error.ShouldContain("no PostgreSQL database");
    }

    [Fact]
    public async Task Functions_Listed_ShowTriggerScheduleAndNextRun()
    {
        var (code, output, _) = await RunAsync("functions", "--Sample:Schedule=0 30 4 * * *");
        code.ShouldBe(0);
        output.Split('\n').Single(line => line.StartsWith("Tick", StringComparison.Ordinal)).ShouldMatch(@"timer\s+0 30 4 \* \* \*\s+\d{4}-\d\d-\d\d 04:30:00Z\s+\$timer-Tick");
    }

    [Fact]
    public async Task Queue_PoisonedMessage_IsSeenRedrivenAndPurged()
    {
        await using (var host = await SampleHost.StartAsync("""{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 1 } } }""", _directory))
        {
            await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "fail" }));
        }

        JsonNode.Parse((await RunAsync("queue", "peek", "work", "--poison")).Output)!["messages"]!.AsArray().Count.ShouldBe(1);
        JsonNode.Parse((await RunAsync("queue", "peek", "work-poison")).Output)!["messages"]!.AsArray().Count.ShouldBe(1);
        (await RunAsync("queue", "redrive", "work-poison")).Output.Trim().ShouldBe("work: 1 message put back");
        (await RunAsync("queue", "purge", "work")).Output.Trim().ShouldBe("work: 1 message deleted");
    }

    [Fact]
    public async Task Queue_PoisonQueueByName_IsPurgedHereAndRemotely()
    {
        await using (var host = await SampleHost.StartAsync("""{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 1 } } }""", _directory))
        {
            await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "fail" }));
            var remote = new[] { "--url", host.Client.BaseAddress!.ToString(), "--key-file", Path.Combine(host.KeyDirectory, "host.master") };
            (await RunAsync(["queue", "peek", "work-poison", .. remote])).Output.ShouldContain("It was told to fail.");
            (await RunAsync(["queue", "purge", "work-poison", .. remote])).Output.Trim().ShouldBe("work-poison: 1 message deleted");
            await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "fail" }));
        }

        (await RunAsync("queue", "purge", "work")).Output.Trim().ShouldBe("work: 0 messages deleted");
        (await RunAsync("queue", "purge", "work-poison")).Output.Trim().ShouldBe("work-poison: 1 message deleted");
    }

    [Fact]
    public async Task Functions_Duration_ShowsTheStoredNextRun()
    {
        const string Schedule = "--Sample:Schedule=05:00:00";
        (await RunAsync("functions", Schedule)).Code.ShouldBe(0);
        Directory.Exists(_directory.File("store")).ShouldBeFalse("looking must not create a store");
        DateTimeOffset? next = null;
        await using (var host = await SampleHost.StartAsync(null, _directory, Schedule))
        {
            await SampleHost.EventuallyAsync(async () => (next = (await host.Storage.Schedules.GetAsync("Tick", default))?.Next) is not null, "the schedule");
            var (code, output, error) = await RunAsync("functions", "--json", Schedule);
            code.ShouldBe(0);
            NextOfTick(output).ShouldBeNull();
            error.ShouldContain("in use by process");
        }

        NextOfTick((await RunAsync("functions", "--json", Schedule)).Output).ShouldBe(next);
        NextOfTick((await RunAsync("functions", "--json", "--Sample:Schedule=06:00:00")).Output).ShouldNotBe(next);
    }

    private static DateTimeOffset? NextOfTick(string json) =>
        JsonNode.Parse(json)!.AsArray().Single(function => (string)function!["name"]! == "Tick")!["next"]?.GetValue<DateTimeOffset>();

    [Fact]
    public async Task Commands_StorageInUse_SayWhoAndWorkOverHttp()
    {
        await using var host = await SampleHost.StartAsync(null, _directory);
        var id = await host.EnqueueAsync(new WorkRequest());
        await host.EndOfAsync(id);

        var (code, _, error) = await RunAsync("runs");
        code.ShouldBe(1);
        error.ShouldContain("in use by process");
        error.ShouldContain("--url");

        var remote = new[] { "--url", host.Client.BaseAddress!.ToString(), "--key-file", Path.Combine(host.KeyDirectory, "host.master") };
        (await RunAsync(["runs", id.ToString(), .. remote])).Output.ShouldContain("\"succeeded\"");
        (await RunAsync(["runs", .. remote])).Output.ShouldContain(id.ToString());
        (await RunAsync(["functions", .. remote])).Output.ShouldContain("Tick");
        (await RunAsync(["queue", "peek", "work", .. remote])).Output.ShouldContain("\"ready\": 0");
        (await RunAsync(["queue", "redrive", "work", .. remote])).Output.ShouldContain("0 messages put back");
        var refused = await RunAsync("queue", "peek", "work", "--url", host.Client.BaseAddress.ToString());
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("401");
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var logs = new CollectedLogs();
        var code = await FunctionHost.RunAsync(
            [.. args, $"--Storage=sqlite:{_directory.File("store")}/ebb.db"], [new SampleFunctionApp()],
            new HostEnvironment { WorkingDirectory = _directory.Path, Output = output, Error = error, LoggerProvider = logs });
        return (code, output.ToString(), error.ToString());
    }
}
