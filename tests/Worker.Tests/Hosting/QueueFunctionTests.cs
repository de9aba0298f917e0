using Ebb.Storage;
using Ebb.Worker.SampleApp;

namespace Ebb.Worker.Tests.Hosting;

public sealed class QueueFunctionTests
{
    private const string Impatient = """{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 3, "visibilityTimeout": "00:00:00.010" } } }""";

    // Whoever computes how long is left finds at times that it is over.
    [Fact]
    public async Task Message_PostponedToThePast_ComesBackAtOnce()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Queues:LeaseDuration=00:30:00");
        var steps = host.StepsFile();
        var id = await host.EnqueueAsync(new WorkRequest { Do = "wait-until-told", Milliseconds = -60_000, File = steps });
        await SampleHost.StepsAsync(steps, "start");

        await File.WriteAllTextAsync($"{steps}.go", "");

        (await host.EndOfAsync(id)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task Message_WithAByteOrderMark_IsReadWithoutIt()
    {
        await using var host = await SampleHost.StartAsync();
        var accepted = await host.Storage.Queues.EnqueueAsync(new() { Queue = "work", Body = "\uFEFF{\"do\":\"ok\"}" }, default);

        (await host.EndOfAsync(accepted.RunId)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task Message_FailsOnce_IsRetriedAndSucceeds()
    {
        await using var host = await SampleHost.StartAsync(Impatient);
        var run = await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "fail-once" }));
        run.State.ShouldBe(RunState.Succeeded);
        run.Attempts.Count.ShouldBe(2);
        run.Attempts[0].Error!.Message.ShouldBe("It was told to fail once.");
        run.Result.ShouldBe("""{"did":"fail-once","retry":1,"caller":"key:host/ci"}""");
    }

    [Fact]
    public async Task Message_FailsAlways_IsPoisonedAndCanBeRedriven()
    {
        await using var host = await SampleHost.StartAsync(Impatient);
        var id = await host.EnqueueAsync(new WorkRequest { Do = "fail" });
        var run = await host.EndOfAsync(id);
        run.State.ShouldBe(RunState.Poisoned);
        run.Attempts.Count.ShouldBe(3);
        (await host.Storage.Queues.CountAsync("work", default)).Poisoned.ShouldBe(1);

        using var redriven = await host.PostAsync($"admin/queues/work/redrive?run={id}", null, SampleHost.MasterKey);

        (await redriven.Content.ReadAsStringAsync()).ShouldBe("""{"queue":"work","count":1}""");
        await SampleHost.EventuallyAsync(async () => (await host.Storage.Runs.GetAsync(id, default))!.Attempts.Count == 6, "three more attempts");
    }

    [Fact]
    public async Task Message_Postponed_WaitsAsTheSameRunWithoutUsingUpAttempts()
    {
        await using var host = await SampleHost.StartAsync(Impatient);
        using var directory = new TemporaryDirectory();
        var file = directory.File("steps");
        var id = await host.EnqueueAsync(new WorkRequest { Do = "wait-until-told", File = file, Milliseconds = 10 });

        await SampleHost.EventuallyAsync(
            async () => File.Exists(file) && File.ReadLines(file).Count() > 5 && await host.Storage.Runs.GetAsync(id, default) is { Progress: "waiting to be told" },
            "more looks than a message has attempts");
        await File.WriteAllTextAsync($"{file}.go", "");

        var run = await host.EndOfAsync(id);
        (run.State, run.Attempts.Count, run.Error).ShouldBe((RunState.Succeeded, 1, null));
    }

    [Fact]
    public async Task Message_FunctionSaysForGood_FailsAtOnceWithItsReport()
    {
        await using var host = await SampleHost.StartAsync(Impatient);
        var run = await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "fail-for-good" }));
        run.State.ShouldBe(RunState.Failed);
        run.Attempts.Count.ShouldBe(1);
        run.Error!.Message.ShouldBe("It will never work.");
        run.Result!.ShouldContain("nothing");
    }

    [Theory]
    [InlineData("{\"detail\":{\"number\":\"many\"}}", "$.detail.number")]
    [InlineData("null", "$")]
    [InlineData("{nonsense", "$")]
    public async Task Message_NotReadable_IsPoisonedAtOnceAndNamesThePath(string body, string path)
    {
        await using var host = await SampleHost.StartAsync(Impatient);
        var accepted = await host.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "work", Body = body }, default);
        var run = await host.EndOfAsync(accepted.RunId);
        run.State.ShouldBe(RunState.Poisoned);
        run.Attempts.Count.ShouldBe(1);
        run.Error!.Message.ShouldContain($"WorkRequest: at {path},");
    }

    [Fact]
    public async Task Message_Empty_IsAnEmptyRequest()
    {
        await using var host = await SampleHost.StartAsync();
        var accepted = await host.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "work", Body = "" }, default);
        (await host.EndOfAsync(accepted.RunId)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task Message_RetryAttribute_DecidesHowOften()
    {
        await using var host = await SampleHost.StartAsync();
        var accepted = await host.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "patient", Body = "it" }, default);
        var run = await host.EndOfAsync(accepted.RunId);
        run.State.ShouldBe(RunState.Poisoned);
        run.Attempts.Count.ShouldBe(3);
        run.Error!.Message.ShouldBe("It cannot do it.");
    }

    [Fact]
    public async Task Message_OverTimeLimit_IsCancelledAndNamed()
    {
        await using var host = await SampleHost.StartAsync(
            """{ "version": "2.0", "functionTimeout": "00:00:00.100", "extensions": { "queues": { "maxDequeueCount": 1 } } }""");
        var run = await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "sleep", Milliseconds = 60_000 }));
        run.State.ShouldBe(RunState.Poisoned);
        run.Error!.Type.ShouldBe("Timeout");
        run.Error.Message.ShouldContain("functionTimeout");
    }

    [Fact]
    public async Task Message_LongerThanItsLease_IsRenewedAndRunsOnce()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Queues:LeaseDuration=00:00:05");
        var steps = host.StepsFile();
        var run = await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest { Do = "sleep", Milliseconds = 6500, File = steps }));
        run.State.ShouldBe(RunState.Succeeded);
        File.ReadAllLines(steps).Count(line => line.StartsWith("start", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Message_TakenTooOften_IsPoisonedWithoutRunning()
    {
        using var directory = new TemporaryDirectory();
        var steps = directory.File("steps");
        RunId id;
        await using (var host = await SampleHost.StartAsync(Impatient, directory, "--Sample:Queue=elsewhere"))
        {
            id = (await host.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "work", Body = $$"""{"file":"{{steps}}"}""" }, default)).RunId;
            for (var attempt = 1; attempt <= 3; attempt++)
            {
                await SampleHost.EventuallyAsync(async () => (await host.Storage.Queues.DequeueAsync(
                    new DequeueRequest { Queue = "work", Function = "Work", Instance = "dying", MaxCount = 1, LeaseDuration = TimeSpan.FromMilliseconds(50) },
                    default)).Count == 1, "another attempt");
            }

            await SampleHost.EventuallyAsync(async () => (await host.Storage.Queues.CountAsync("work", default)).Running == 0, "the lease to lapse");
        }

        await using var next = await SampleHost.StartAsync(Impatient, directory);
        var run = await next.EndOfAsync(id);
        run.State.ShouldBe(RunState.Poisoned);
        run.Error!.Type.ShouldBe("TooManyAttempts");
        File.Exists(steps).ShouldBeFalse();
    }

    [Fact]
    public async Task Progress_Reported_IsShownWhileItRuns()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Shutdown:Grace=00:00:00");
        var id = await host.EnqueueAsync(new WorkRequest { Do = "progress", Milliseconds = 60_000 });
        await SampleHost.EventuallyAsync(
            async () => (string?)(await host.GetJsonAsync($"api/runs/{id}"))["progress"] == "half of it", "the progress");
    }
}
