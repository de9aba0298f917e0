using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Ebb.Storage;
using Ebb.Worker.Tests.Hosting;

namespace Ebb.Worker.Tests.Commands;

public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ProcessTests()
    {
        Directory.CreateDirectory(_directory.File("keys"));
        File.WriteAllText(_directory.File("keys/host.function.ci"), SampleHost.HostKey);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Start_Sigterm_FinishesItsWorkAndExits0()
    {
        var steps = _directory.File("steps");
        await using var process = SampleProcess.Start(_directory, "--urls", "http://127.0.0.1:0");
        var id = await EnqueueAsync(await process.AddressAsync(), $$"""{"do":"sleep","milliseconds":500,"file":"{{steps}}"}""");
        await SampleHost.StepsAsync(steps, "start");

        await process.SignalAsync("TERM");
        var (code, output, error) = await process.EndAsync();

        code.ShouldBe(0, output + error);
        (await RunAsync(id)).State.ShouldBe(RunState.Succeeded);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("01:00:00")]
    public async Task Start_SigtermWhileBusy_IsAliveAndNotReadyUntilTheRunEndsAndThenExitsAtOnce(string functionTimeout)
    {
        await File.WriteAllTextAsync(_directory.File("host.json"), $$"""{ "version": "2.0", "functionTimeout": "{{functionTimeout}}" }""");
        var steps = _directory.File("steps");
        await using var process = SampleProcess.Start(_directory, "--urls=http://127.0.0.1:0", "--Shutdown:Grace=01:00:00");
        var address = await process.AddressAsync();
        using var client = new HttpClient { BaseAddress = address };
        (await client.GetAsync("healthz/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var id = await EnqueueAsync(address, $$"""{"do":"until-told","file":"{{steps}}"}""");
        await SampleHost.StepsAsync(steps, "start");

        await process.SignalAsync("TERM");
        await SampleHost.EventuallyAsync(
            async () => (await client.GetAsync("healthz/ready")).StatusCode is HttpStatusCode.ServiceUnavailable, "not ready");
        (await client.GetAsync("healthz/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await File.WriteAllTextAsync($"{steps}.go", string.Empty);

        // An hour of grace is left; it ends because nothing runs any more.
        var (code, output, error) = await process.EndAsync();
        code.ShouldBe(0, output + error);
        (await RunAsync(id)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task Start_SigtermAndGraceOver_HandsBackAndExits0()
    {
        await File.WriteAllTextAsync(_directory.File("host.json"), """{ "version": "2.0", "functionTimeout": "-1" }""");
        var steps = _directory.File("steps");
        await using var process = SampleProcess.Start(_directory, "--urls=http://127.0.0.1:0", "--Shutdown:Grace=00:00:00.2");
        var id = await EnqueueAsync(await process.AddressAsync(), $$"""{"do":"until-told","file":"{{steps}}"}""");
        await SampleHost.StepsAsync(steps, "start");

        await process.SignalAsync("TERM");

        (await process.EndAsync()).Code.ShouldBe(0);
        var run = await RunAsync(id);
        run.State.ShouldBe(RunState.Queued);
        run.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_SecondSignal_EndsAtOnce()
    {
        var steps = _directory.File("steps");
        await using var process = SampleProcess.Start(_directory, "--urls=http://127.0.0.1:0", "--Shutdown:Grace=00:10:00");
        var id = await EnqueueAsync(await process.AddressAsync(), $$"""{"do":"hang","milliseconds":600000,"file":"{{steps}}"}""");
        await SampleHost.StepsAsync(steps, "start");

        await process.SignalAsync("INT");
        await process.SignalAsync("TERM");

        (await process.EndAsync()).Code.ShouldBe(1);
        (await RunAsync(id)).IsFinal.ShouldBeFalse();
    }

    [Fact]
    public async Task Start_KilledInMidRun_RunsItAgain()
    {
        var steps = _directory.File("steps");
        RunId id;
        await using (var process = SampleProcess.Start(_directory, "--urls", "http://127.0.0.1:0", "--Queues:LeaseDuration=00:00:01"))
        {
            id = await EnqueueAsync(await process.AddressAsync(), $$"""{"do":"until-told","file":"{{steps}}"}""");
            await SampleHost.StepsAsync(steps, "start");
            process.Kill();
            await process.EndAsync();
        }

        await File.WriteAllTextAsync($"{steps}.go", string.Empty);

        await using var host = await SampleHost.StartAsync(null, _directory, "--Queues:LeaseDuration=00:00:01");
        var run = await host.EndOfAsync(id);
        run.State.ShouldBe(RunState.Succeeded);
        run.Attempts.Count.ShouldBe(2);
        File.ReadAllLines(steps).Count(line => line == $"end {id}").ShouldBe(1);
    }

    [Fact]
    public async Task Start_KilledRightAfter202_LosesNothing()
    {
        var accepted = new List<RunId>();
        await using (var process = SampleProcess.Start(_directory, "--urls", "http://127.0.0.1:0", "--Sample:Queue=elsewhere"))
        {
            var address = await process.AddressAsync();
            for (var i = 0; i < 20; i++)
            {
                accepted.Add(await EnqueueAsync(address, "{}"));
            }

            process.Kill();
            await process.EndAsync();
        }

        await using var host = await SampleHost.StartAsync(null, _directory);
        foreach (var id in accepted)
        {
            (await host.EndOfAsync(id)).State.ShouldBe(RunState.Succeeded);
        }
    }

    [Fact]
    public async Task Start_AddressInUse_SaysSoAndExits1()
    {
        await using var first = SampleProcess.Start(_directory, "--urls", "http://127.0.0.1:0");
        var address = await first.AddressAsync();
        using var other = new TemporaryDirectory();
        var (code, _, error) = await SampleProcess.RunAsync(other, "--urls", address.ToString());
        code.ShouldBe(1);
        error.ShouldContain("--urls");
    }

    [Theory]
    [InlineData("sleep", "The host cancelled the run")]
    [InlineData("hang", "went on after its CancellationToken was cancelled")]
    public async Task Run_Interrupted_IsRecordedAsCancelledAndExits1(string work, string said)
    {
        var steps = _directory.File("steps");
        await using var process = SampleProcess.Start(
            _directory, "run", "Work", "--input", $$"""{"do":"{{work}}","milliseconds":600000,"file":"{{steps}}"}""", "--Shutdown:Grace=00:00:01");
        await SampleHost.StepsAsync(steps, "start");

        await process.SignalAsync("INT");

        var run = await FailedAsync(process);
        run.Error!.Type.ShouldBe("Cancelled");
        run.Error.Message.ShouldContain(said);
    }

    [Fact]
    public async Task Run_SecondSignal_EndsAtOnceAndIsRecorded()
    {
        var steps = _directory.File("steps");
        await using var process = SampleProcess.Start(
            _directory, "run", "Work", "--input", $$"""{"do":"hang","milliseconds":600000,"file":"{{steps}}"}""", "--Shutdown:Grace=00:10:00");
        await SampleHost.StepsAsync(steps, "start");

        await process.SignalAsync("INT");
        await process.SignalAsync("TERM");

        (await FailedAsync(process)).Error!.Type.ShouldBe("Cancelled");
    }

    [Fact]
    public async Task Run_FunctionIgnoresItsTimeLimit_IsRecordedAsTimeoutAndExits1()
    {
        await File.WriteAllTextAsync(_directory.File("host.json"), """{ "version": "2.0", "functionTimeout": "00:00:01" }""");
        await using var process = SampleProcess.Start(
            _directory, "run", "Work", "--input", """{"do":"hang","milliseconds":600000}""", "--Shutdown:Grace=00:00:00");

        (await FailedAsync(process)).Error!.Type.ShouldBe("Timeout");
    }

    /// <summary>The run that the process printed and recorded before it ended.</summary>
    private async Task<Run> FailedAsync(SampleProcess process)
    {
        var (code, output, error) = await process.EndAsync();
        code.ShouldBe(1, error);
        var printed = JsonNode.Parse(output)!;
        ((string)printed["state"]!).ShouldBe("failed");
        var run = await RunAsync(RunId.Parse((string)printed["id"]!));
        run.State.ShouldBe(RunState.Failed);
        return run;
    }

    private async Task<Run> RunAsync(RunId id)
    {
        await using var storage = await HostStorage.OpenAsync(
            new HostStorageOptions { Storage = $"sqlite:{_directory.File("store")}/ebb.db" }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, default);
        return (await storage.Runs.GetAsync(id, default)).ShouldNotBeNull();
    }

    private static async Task<RunId> EnqueueAsync(Uri address, string body)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/work") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("x-functions-key", SampleHost.HostKey);
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return RunId.Parse((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!);
    }
}
