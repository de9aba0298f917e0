using System.Net;
using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.SampleApp;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Tests.Hosting;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_WithinGrace_LetsWorkAndRequestsEnd()
    {
        using var directory = new TemporaryDirectory();
        var steps = directory.File("steps");
        RunId id;
        await using (var host = await SampleHost.StartAsync(null, directory))
        {
            id = await host.EnqueueAsync(new WorkRequest { Do = "until-told", File = steps });
            await SampleHost.StepsAsync(steps, "start");
            var request = host.Client.GetStringAsync("api/Slow?ms=500");
            var state = host.Host.Services.GetRequiredService<HostState>();
            await SampleHost.EventuallyAsync(() => Task.FromResult(state.RunningInvocations == 2 || request.IsCompleted), "the request to be under way");

            var stopping = host.Host.StopAsync();
            await File.WriteAllTextAsync($"{steps}.go", "");
            await stopping;

            (await request).ShouldBe("slow");
            (await host.Storage.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Succeeded);
        }
    }

    [Theory]
    [InlineData("sleep")]
    [InlineData("hang")]
    public async Task Stop_GraceOver_HandsBackAtOnceAndDoesNotCount(string how)
    {
        using var directory = new TemporaryDirectory();
        var steps = directory.File("steps");
        RunId id;
        await using (var host = await SampleHost.StartAsync(null, directory, "--Shutdown:Grace=00:00:00.100"))
        {
            id = await host.EnqueueAsync(new WorkRequest { Do = how, Milliseconds = 60_000, File = steps });
            await SampleHost.StepsAsync(steps, "start");

            await host.Host.StopAsync();

            var run = (await host.Storage.Runs.GetAsync(id, default))!;
            run.State.ShouldBe(RunState.Queued);
            run.Attempts.ShouldBeEmpty();
            (await host.Storage.Queues.CountAsync("work", default)).Ready.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData("block-cancellation")]
    [InlineData("break-cancellation")]
    public async Task Stop_FunctionsOwnCallbackBlocksOrThrows_HandsBackAllTheSame(string how)
    {
        using var directory = new TemporaryDirectory();
        var steps = directory.File("steps");
        var host = await SampleHost.StartAsync(null, directory, "--Shutdown:Grace=00:00:00.100");
        var id = await host.EnqueueAsync(new WorkRequest { Do = how, Milliseconds = 60_000, File = steps });
        await SampleHost.StepsAsync(steps, "start");
        try
        {
            await host.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

            (await host.Storage.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Queued);
        }
        finally
        {
            await File.WriteAllTextAsync($"{steps}.go", "");
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stop_WhileACallerWaits_AnswersWithTheRunSoFar()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Shutdown:Grace=00:00:20");
        var steps = host.StepsFile();
        var waiting = host.PostAsync("api/work?wait=200s", $$"""{"do":"sleep","milliseconds":700,"file":"{{steps}}"}""");
        await SampleHost.StepsAsync(steps, "start");

        await host.Host.StopAsync();

        using var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Wait_LongerThanTheTimeLimit_AnswersWithTheRunSoFarAndTheProcessGoesOn()
    {
        await using var host = await SampleHost.StartAsync(
            """{ "version": "2.0", "functionTimeout": "00:00:00.500" }""", settings: "--Shutdown:Grace=00:00:05");

        using var answer = await host.PostAsync("api/work?queue=elsewhere&wait=15s", "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        host.Host.Recycled.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Function_IgnoresItsTimeLimit_HasTheProcessRecycled()
    {
        await using var host = await SampleHost.StartAsync(
            """{ "version": "2.0", "functionTimeout": "00:00:00.100" }""", settings: "--Shutdown:Grace=00:00:00.100");
        var message = new EnqueueRequest { Queue = "work", Body = """{"do":"hang","milliseconds":60000}""" };
        var id = (await host.Storage.Queues.EnqueueAsync(message, default)).RunId;

        (await host.Host.Recycled.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("Work");
        await host.Host.StopAsync();

        var run = (await host.Storage.Runs.GetAsync(id, default))!;
        run.Attempts.Single().Error!.Type.ShouldBe("Timeout");
    }
}
