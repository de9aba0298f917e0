using System.Net;
using Ebb.Storage;

namespace Ebb.Worker.Tests.Hosting;

/// <summary>What functions may be, beside one message in and one result out.</summary>
public sealed class ModelTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task Outputs_SeveralInAClass_EachBecomesARunOfItsFunction()
    {
        await using var host = await SampleHost.StartAsync();
        var accepted = await host.Storage.Queues.EnqueueAsync(new() { Queue = "split", Body = "abcdef", Caller = "key:host/ci", TraceParent = Trace }, default);

        (await host.EndOfAsync(accepted.RunId)).Result.ShouldBeNull();

        (await ResultsAsync(host, "Left", 2)).ShouldBe(["\"abc stamped True\"", "\"turned 3 stamped True\""], ignoreOrder: true);
        var run = (await host.Storage.Runs.ListAsync(new RunQuery { Function = "Left" }, default))[0];
        run.Caller.ShouldBe("key:host/ci");
        run.TraceId.ShouldBe(Trace.Split('-')[1]);
    }

    [Fact]
    public async Task Outputs_OneCannotBeSent_IsTriedAgainAndSendsNothingTwice()
    {
        await using var host = await SampleHost.StartAsync("""{ "version": "2.0", "extensions": { "queues": { "visibilityTimeout": "00:00:00.010" } } }""");
        var accepted = await host.Storage.Queues.EnqueueAsync(new() { Queue = "split", Body = "fail once" }, default);

        var run = await host.EndOfAsync(accepted.RunId);

        // The text of the first attempt was accepted and is not sent again.
        (run.State, run.Attempts.Count).ShouldBe((RunState.Succeeded, 2), run.Error?.Message);
        run.Attempts[0].Error!.Message.ShouldContain("returned for the queue 'right' holds a NUL character");
        (await ResultsAsync(host, "Left", 2)).ShouldBe(["\"left stamped True\"", "\"turned 5 stamped True\""], ignoreOrder: true);
    }

    [Fact]
    public async Task Http_BodyRouteAndOutput_AnswersAfterTheMessageIsSafe()
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.PostAsync("api/orders/6", """{"number":7}""", key: null);

        (await response.Content.ReadAsStringAsync()).ShouldBe("42 POST");
        (await ResultsAsync(host, "Left", 1)).ShouldBe(["\"ordered 42 stamped True\""]);
    }

    [Theory]
    [InlineData("api/orders/six", """{"number":7}""", "'six'")]
    [InlineData("api/orders/6", "{\"number\":", "WorkDetail")]
    public async Task Http_WhatCannotBeRead_Is400AndNamesIt(string path, string body, string named)
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.PostAsync(path, body, key: null);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain(named);
    }

    [Theory]
    [InlineData("plain", HttpStatusCode.OK, "plain stamped True plain")]
    [InlineData("replaced", HttpStatusCode.OK, "instead of a ContentHttpResult")]
    [InlineData("refused", (HttpStatusCode)418, "")]
    public async Task Middleware_OfTheApp_RunsAroundItsFunctions(string what, HttpStatusCode status, string body)
    {
        await using var host = await SampleHost.StartAsync();

        using var response = await host.GetAsync($"api/stamped/{what}", null);

        (response.StatusCode, await response.Content.ReadAsStringAsync()).ShouldBe((status, body));
    }

    private static async Task<IReadOnlyList<string?>> ResultsAsync(SampleHost host, string function, int count)
    {
        IReadOnlyList<Run> runs = [];
        await SampleHost.EventuallyAsync(
            async () => (runs = await host.Storage.Runs.ListAsync(new RunQuery { Function = function, State = RunState.Succeeded }, default)).Count >= count,
            $"{count} runs of {function}");
        runs.Count.ShouldBe(count);
        return [.. runs.Select(run => run.Result)];
    }
}
