using System.Net;
using System.Text.Json.Nodes;
using Ebb.Storage;
using Ebb.Worker.SampleApp;

namespace Ebb.Worker.Tests.Hosting;

public sealed class ApiTests
{
    [Fact]
    public async Task Runs_Listed_AreFilteredAndPaged()
    {
        await using var host = await SampleHost.StartAsync();
        var ids = new List<RunId>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await host.EnqueueAsync(new WorkRequest()));
            await host.EndOfAsync(ids[i]);
        }

        var page = (await host.GetJsonAsync("api/runs?function=Work&state=succeeded&limit=2")).AsArray();
        page.Select(run => (string)run!["id"]!).ShouldBe([ids[2].ToString(), ids[1].ToString()]);
        var next = (await host.GetJsonAsync($"api/runs?function=Work&before={ids[1]}")).AsArray();
        next.Select(run => (string)run!["id"]!).ShouldBe([ids[0].ToString()]);
        next[0]!["result"]!["did"]!.GetValue<string>().ShouldBe("ok");
    }

    [Theory]
    [InlineData("api/runs?state=nosuch&limit=0&before=x", HttpStatusCode.BadRequest)]
    [InlineData("api/runs?function=a%00b", HttpStatusCode.BadRequest)]
    [InlineData("api/runs/not-an-id", HttpStatusCode.NotFound)]
    [InlineData("api/runs/01a1f8ab-b558-7bba-846f-a0d4e9189207", HttpStatusCode.NotFound)]
    [InlineData("api/runs/01a1f8ab-b558-7bba-846f-a0d4e9189207?wait=1", HttpStatusCode.NotFound)]
    [InlineData("api/runs/01a1f8ab-b558-7bba-846f-a0d4e9189207?wait=x", HttpStatusCode.BadRequest)]
    [InlineData("admin/functions/Nope", HttpStatusCode.Unauthorized)]
    public async Task Api_WrongRequest_SaysWhatIsWrong(string path, HttpStatusCode status)
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.GetAsync(path);
        response.StatusCode.ShouldBe(status);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Runs_FunctionsOwnKey_Is401()
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.GetAsync("api/runs", null);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Work", """{"input":"{\"do\":\"ok\"}"}""", HttpStatusCode.Accepted)]
    [InlineData("work", null, HttpStatusCode.Accepted)]
    [InlineData("Tick", "{}", HttpStatusCode.Accepted)]
    [InlineData("Work", """{"input":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("Work", "nonsense", HttpStatusCode.BadRequest)]
    [InlineData("Work", """{"input":"{}\u0000"}""", HttpStatusCode.BadRequest)]
    [InlineData("Work", """{"input":"\ud800"}""", HttpStatusCode.BadRequest)]
    [InlineData("Work", "\uFEFF{\"input\":\"{\\\"do\\\":\\\"ok\\\"}\"}", HttpStatusCode.Accepted)]
    [InlineData("Hello", null, HttpStatusCode.BadRequest)]
    [InlineData("Nope", null, HttpStatusCode.NotFound)]
    public async Task AdminFunctions_Started_AnswersLikeAzure(string function, string? body, HttpStatusCode status)
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.PostAsync($"admin/functions/{function}", body, SampleHost.MasterKey);

        response.StatusCode.ShouldBe(status);
        if (status == HttpStatusCode.Accepted)
        {
            var run = await host.EndOfAsync(RunId.Parse((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!));
            run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
            run.Trigger.ShouldBe(TriggerKind.Manual);
            run.Caller.ShouldBe("key:master");
        }
    }

    [Fact]
    public async Task AdminFunctions_Listed_NameTriggersAndNextRun()
    {
        await using var host = await SampleHost.StartAsync();
        await SampleHost.EventuallyAsync(async () => (await host.GetJsonAsync("admin/functions/Tick", SampleHost.MasterKey))["next"] is not null, "a next run");
        var all = (await host.GetJsonAsync("admin/functions", SampleHost.MasterKey)).AsArray();
        var work = all.Single(function => (string)function!["name"]! == "Work")!;
        ((string)work["config"]!["bindings"]![0]!["queueName"]!).ShouldBe("work");
        (await host.GetJsonAsync("admin/functions/Work/status", SampleHost.MasterKey))["queue"]!["ready"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task AdminHost_StatusAndPing_Answer()
    {
        await using var host = await SampleHost.StartAsync();
        using var ping = await host.PostAsync("admin/host/ping", null, null);
        ping.StatusCode.ShouldBe(HttpStatusCode.OK);
        var status = await host.GetJsonAsync("admin/host/status", SampleHost.MasterKey);
        ((string)status["state"]!).ShouldBe("Running");
        status["instanceId"].ShouldNotBeNull();
    }

    [Fact]
    public async Task AdminHost_Drained_TakesNoMoreAndIsNotReady()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Shutdown:Grace=00:00:00");
        var steps = host.StepsFile();
        await host.EnqueueAsync(new WorkRequest { Do = "sleep", Milliseconds = 60_000, File = steps });
        await SampleHost.StepsAsync(steps, "start");
        (await StateAsync(host)).ShouldBe("Disabled");
        using var ready = await host.GetAsync("healthz/ready", null);
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var drained = await host.PostAsync("admin/host/drain", null, SampleHost.MasterKey);

        drained.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await StateAsync(host)).ShouldBe("InProgress");
        using var draining = await host.GetAsync("healthz/ready", null);
        draining.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var live = await host.GetAsync("healthz/live", null);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        var waiting = await host.EnqueueAsync(new WorkRequest());
        await Task.Delay(200);
        (await host.Storage.Runs.GetAsync(waiting, default))!.State.ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task AdminQueues_PeekAndPurge_Answer()
    {
        await using var host = await SampleHost.StartAsync();
        await host.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "idle", Body = """{"a":1}""" }, default);
        var seen = await host.GetJsonAsync("admin/queues/idle", SampleHost.MasterKey);
        seen["ready"]!.GetValue<int>().ShouldBe(1);
        seen["messages"]![0]!["body"]!.GetValue<string>().ShouldBe("""{"a":1}""");
        using var purged = await host.PostAsync("admin/queues/idle/purge", null, SampleHost.MasterKey);
        (await purged.Content.ReadAsStringAsync()).ShouldBe("""{"queue":"idle","count":1}""");
        using var wrong = await host.GetAsync("admin/queues/no%20name", SampleHost.MasterKey);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<string> StateAsync(SampleHost host) =>
        (string)(await host.GetJsonAsync("admin/host/drain/status", SampleHost.MasterKey))["state"]!;
}
