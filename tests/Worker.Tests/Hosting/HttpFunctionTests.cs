using System.Net;
using System.Text.Json.Nodes;
using Ebb.Storage;

namespace Ebb.Worker.Tests.Hosting;

public sealed class HttpFunctionTests
{
    [Fact]
    public async Task HttpFunction_Anonymous_AnswersAndIsRecorded()
    {
        await using var host = await SampleHost.StartAsync();

        (await host.Client.GetStringAsync("api/hello/you")).ShouldBe("hello you");

        Run? run = null;
        await SampleHost.EventuallyAsync(
            async () => (run = (await host.Storage.Runs.ListAsync(new RunQuery { Function = "Hello" }, default)) is [var only, ..] ? only : null) is not null, "a run");
        run!.State.ShouldBe(RunState.Succeeded);
        run.Trigger.ShouldBe(TriggerKind.Http);
        run.TraceId.ShouldNotBeNull().Length.ShouldBe(32);
        run.Result.ShouldBe("""{"status":200}""");
    }

    [Fact]
    public async Task HttpFunction_OtherMethod_Is405()
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.PostAsync("api/hello");
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task HttpFunction_Throws_Is500WithRunIdAndWithoutItsWords()
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.GetAsync("api/Broken", null);

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var body = await response.Content.ReadAsStringAsync();
        body.ShouldNotContain("secret words");
        var run = await host.EndOfAsync(RunId.Parse((string)JsonNode.Parse(body)!["runId"]!));
        run.State.ShouldBe(RunState.Failed);
        run.Error!.Type.ShouldBe(nameof(InvalidOperationException));
        run.Error.Message.ShouldContain("secret words");
    }

    [Fact]
    public async Task HttpFunction_OverTimeLimit_Is504()
    {
        await using var host = await SampleHost.StartAsync("""{ "version": "2.0", "functionTimeout": "00:00:00.100" }""");
        using var response = await host.GetAsync("api/Slow?ms=60000", null);
        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task HttpFunction_BodyTooLarge_Is413()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Http:MaxRequestBodySize=1000");
        using var response = await host.PostAsync("api/work", new string('x', 1001));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task HttpFunction_TooManyOutstanding_Is429AndRecovers()
    {
        await using var host = await SampleHost.StartAsync(
            """{ "version": "2.0", "extensions": { "http": { "maxConcurrentRequests": 1, "maxOutstandingRequests": 2 } } }""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.Client.GetAsync("api/Slow?ms=3000")));

        // One runs, one waits for it; the others come while both places are taken, but for one that a busy machine sends seconds later.
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.Count.ShouldBeInRange(1, 3);
        refused.ShouldAllBe(answer => answer.Headers.RetryAfter != null);
        answers.Except(refused).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        Array.ForEach(answers, answer => answer.Dispose());

        using var after = await host.GetAsync("api/hello");
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Enqueued_Is202WithLocationAndRun()
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.PostAsync("api/work", "{}");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        ((string)answer["state"]!).ShouldBe("queued");
        response.Headers.Location!.ToString().ShouldBe($"/api/runs/{answer["id"]}");
        (await host.EndOfAsync(RunId.Parse((string)answer["id"]!))).Caller.ShouldBe("key:host/ci");
    }

    [Theory]
    [InlineData("ok", HttpStatusCode.OK, "succeeded")]
    [InlineData("fail-for-good", HttpStatusCode.InternalServerError, "failed")]
    public async Task Enqueued_WithWait_AnswersWithTheRun(string what, HttpStatusCode status, string runStatus)
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.PostAsync("api/work?wait=30s", $$"""{"do":"{{what}}"}""");

        response.StatusCode.ShouldBe(status);
        var run = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        ((string)run["state"]!).ShouldBe(runStatus);
        run["result"].ShouldBeOfType<JsonObject>().ContainsKey("did").ShouldBeTrue();
    }

    [Fact]
    public async Task Enqueued_WaitIsOver_Is202WithTheRunSoFar()
    {
        await using var host = await SampleHost.StartAsync(settings: "--Shutdown:Grace=00:00:00");
        using var response = await host.PostAsync("api/work?wait=1", """{"do":"sleep","milliseconds":60000}""");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        ((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["state"]!).ShouldBeOneOf("queued", "running");
    }

    [Fact]
    public async Task Enqueued_WrongWait_Is400AndNothingIsAccepted()
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.PostAsync("api/work?wait=soon&queue=other", "{}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Storage.Queues.CountAsync("other", default)).Ready.ShouldBe(0);
    }

    [Fact]
    public async Task Enqueued_SameIdempotencyKey_IsTheFirstRun()
    {
        await using var host = await SampleHost.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await host.PostAsync("api/work", "{}", SampleHost.HostKey, ("Idempotency-Key", "build-7"));
            ids.Add((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!);
        }

        ids[1].ShouldBe(ids[0]);
    }

    [Fact]
    public async Task Enqueued_IdempotencyKeyOfAnotherCaller_IsAConflictThatTellsNothing()
    {
        await using var host = await SampleHost.StartAsync();
        using var first = await host.PostAsync("api/work", "{}", SampleHost.HostKey, ("Idempotency-Key", "build-7"));
        var id = (string)JsonNode.Parse(await first.Content.ReadAsStringAsync())!["id"]!;

        using var second = await host.PostAsync("api/work?wait=10s", "{}", SampleHost.MasterKey, ("Idempotency-Key", "build-7"));

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var text = await second.Content.ReadAsStringAsync();
        text.ShouldContain("Idempotency-Key");
        text.ShouldNotContain(id);
        second.Headers.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("a\0b", "build-7", "The message holds a NUL")]
    [InlineData("{}", "build\t7", "Idempotency-Key holds a control character")]
    public async Task Enqueued_WhatCannotBeStored_Is400AndNothingIsAccepted(string body, string idempotencyKey, string detail)
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.PostAsync("api/work?queue=idle", body, SampleHost.HostKey, ("Idempotency-Key", idempotencyKey));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain(detail);
        (await host.Storage.Queues.CountAsync("idle", default)).Ready.ShouldBe(0);
    }

    [Fact]
    public async Task TraceContext_OfRequest_ReachesRunAndFunction()
    {
        await using var host = await SampleHost.StartAsync();
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var steps = host.StepsFile();

        using var response = await host.PostAsync(
            "api/work?wait=30s", $$"""{"file":"{{steps}}"}""", SampleHost.HostKey, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        ((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["traceId"]!).ShouldBe(trace);
        (await File.ReadAllTextAsync(steps)).ShouldContain(trace);
    }
}
