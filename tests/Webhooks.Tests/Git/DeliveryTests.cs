using System.Net;
using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Storage;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>What becomes of a delivery that was let in, or was never a delivery.</summary>
public sealed class DeliveryTests(GitDoorFixture door) : IClassFixture<GitDoorFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("github", "gitea")]
    [InlineData("github", "forgejo")]
    [InlineData("gitea", "forgejo")]
    [InlineData("bitbucket-server", "bitbucket-cloud")]
    [InlineData("bitbucket-cloud", "bitbucket-server")]
    public async Task Post_DeliveryOfAnotherProduct_IsRefusedByName(string hook, string sender)
    {
        var (@event, body) = sender switch
        {
            "bitbucket-cloud" => ("pullrequest:created", OwnPayloads.BitbucketCloud()),
            "bitbucket-server" => ("pr:opened", OwnPayloads.BitbucketServer()),
            _ => ("pull_request", OwnPayloads.GitHub()),
        };
        using var request = new TestServers.Git.WebhookSender(sender, GitDoorFixture.Secret(hook))
            .Delivery(new Uri(door.Http.BaseAddress!, $"/api/git/{hook}/{hook}"), @event, Encoding.UTF8.GetBytes(body.ToJsonString()));
        using var response = await door.Http.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain($"This is a delivery of {sender}, and the hook {hook} is one of {hook}.");
    }

    [Theory]
    [InlineData("bitbucket-server")]
    [InlineData("no-such-hook")]
    public async Task Post_PingOfBitbucketServer_UnsignedAndEmpty_IsAnswered(string hook)
    {
        var before = await RunsAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/git/bitbucket-server/{hook}") { Headers = { { "X-Event-Key", "diagnostics:ping" } } };
        using var response = await door.Http.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        // Whoever likes can ask so: no run of it may push others out.
        (await RunsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("github", "ping", "{\"zen\":\"Keep it logically awesome.\"}", HttpStatusCode.OK)]
    [InlineData("github", "push", "not even JSON", HttpStatusCode.NoContent)]
    [InlineData("gitlab", "Note Hook", "{}", HttpStatusCode.NoContent)]
    [InlineData("gitlab", "System Hook", "{\"object_kind\":\"push\"}", HttpStatusCode.NoContent)]
    [InlineData("gitea", "push", "{}", HttpStatusCode.NoContent)]
    [InlineData("bitbucket-cloud", "pullrequest:approved", "{}", HttpStatusCode.NoContent)]
    [InlineData("bitbucket-server", "pr:comment:added", "{}", HttpStatusCode.NoContent)]
    [InlineData("azure-devops", "", "{\"eventType\":\"git.push\"}", HttpStatusCode.NoContent)]
    public async Task Post_WhatMeansNothing_IsNeverA4xx(string host, string @event, string body, HttpStatusCode expected)
    {
        using var response = await door.SendAsync(host, @event, body);
        response.StatusCode.ShouldBe(expected);
    }

    public static TheoryData<string, byte[]> BadJson { get; } = new()
    {
        { "empty", [] },
        { "cut short", "{\"action\":"u8.ToArray() },
        { "a list", "[]"u8.ToArray() },
        { "form", "payload=%7B%7D"u8.ToArray() },
        { "a comment", "{/*x*/}"u8.ToArray() },
        { "invalid UTF-8", [.. "{\"action\":\""u8, 0xC3, 0x28, .. "\"}"u8] },
        { "overlong UTF-8", [.. "{\"action\":\""u8, 0xC0, 0xAE, .. "\"}"u8] },
        { "deep", Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 40) + new string(']', 40) + "}") },
        { "a key twice", "{\"number\":1,\"number\":2}"u8.ToArray() },
        { "a key twice, once escaped", "{\"number\":1,\"\\u006eumber\":2}"u8.ToArray() },
        { "a key twice, deeper", "{\"a\":[{\"b\":{\"c\":1},\"b\":2}]}"u8.ToArray() },
        { "two documents", "{}{}"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(BadJson))]
    public async Task Post_WhatIsNoJsonOfAHost_IsRefused(string what, byte[] body)
    {
        using var response = await door.SendAsync("github", "pull_request", body);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, what);
    }

    [Fact]
    public async Task Post_ByteOrderMark_IsSignedAndNoPartOfTheJson()
    {
        using var response = await door.SendAsync("github", "pull_request", "\uFEFF" + OwnPayloads.GitHub().ToJsonString());
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_SameKeyInDifferentObjects_IsFine()
    {
        var payload = OwnPayloads.GitHub();
        payload["x"] = JsonSerializer.SerializeToNode(new[] { new { a = 1 }, new { a = 2 } });
        using var response = await door.SendAsync("github", "pull_request", payload.ToJsonString());
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData(131_072, true, HttpStatusCode.Accepted)]
    [InlineData(131_073, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(131_073, false, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_BodyAtAndOverTheLimit_IsToldApart(int length, bool stated, HttpStatusCode expected)
    {
        var json = OwnPayloads.GitHub().ToJsonString();
        using var request = door.Delivery("github", "pull_request", Encoding.UTF8.GetBytes(json + new string(' ', length - json.Length)));
        request.Headers.TransferEncodingChunked = !stated;

        using var response = await door.Http.SendAsync(request, Token);
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Post_TenMegabytesFromAStranger_AreNotReadAndNotRecorded()
    {
        var before = await RunsAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/git/github/github") { Content = new ByteArrayContent(new byte[10_000_000]), Headers = { ExpectContinue = true } };
        using var response = await door.Http.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await RunsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Post_SameDeliveryTwice_IsOneRun()
    {
        var body = OwnPayloads.GitHub().ToJsonString();
        using var first = await door.SendAsync("github", "pull_request", body, id: "twice");
        using var second = await door.SendAsync("github", "pull_request", body, id: "twice");

        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await GitDoorFixture.RunOfAsync(second)).ShouldBe(await GitDoorFixture.RunOfAsync(first));
        second.Headers.Location!.ToString().ShouldEndWith($"/api/runs/{await GitDoorFixture.RunOfAsync(first)}");
    }

    [Fact]
    public async Task Post_SameDeliveryAfterItsRunFailed_IsTriedAgainOnce()
    {
        var payload = OwnPayloads.GitHub();
        payload["number"] = 4711;
        using var first = await door.SendAsync("github", "pull_request", payload.ToJsonString(), id: "failed");
        var run = await GitDoorFixture.RunOfAsync(first);
        await FailAsync(run);

        using var second = await door.SendAsync("github", "pull_request", payload.ToJsonString(), id: "failed");
        using var third = await door.SendAsync("github", "pull_request", payload.ToJsonString(), id: "failed");

        var again = await GitDoorFixture.RunOfAsync(second);
        again.ShouldNotBe(run);
        (await GitDoorFixture.RunOfAsync(third)).ShouldBe(again);
    }

    [Fact]
    public async Task Post_NewerEventOfOnePullRequest_SupersedesTheWaitingOneOnly()
    {
        var (mine, other) = (OwnPayloads.GitHub(), OwnPayloads.GitHub());
        (mine["number"], other["number"]) = (100, 101);
        using var first = await door.SendAsync("github", "pull_request", mine.ToJsonString());
        using var elsewhere = await door.SendAsync("github", "pull_request", other.ToJsonString());
        using var second = await door.SendAsync("github", "pull_request", mine.ToJsonString());

        (await StateAsync(first)).ShouldBe(RunState.Superseded);
        (await StateAsync(elsewhere)).ShouldBe(RunState.Queued);
        (await StateAsync(second)).ShouldBe(RunState.Queued);
        (await door.EventAsync(second)).Key.ShouldBe("github/11/100");
    }

    [Theory]
    [InlineData("other/shop", HttpStatusCode.Accepted)]
    [InlineData("OTHER/shop", HttpStatusCode.Accepted)]
    [InlineData("ours/ONE", HttpStatusCode.Accepted)]
    [InlineData("ours/one-more", HttpStatusCode.NoContent)]
    [InlineData("others/shop", HttpStatusCode.NoContent)]
    public async Task Post_HookOfSomeRepositories_IgnoresTheOthers(string repository, HttpStatusCode expected)
    {
        var payload = OwnPayloads.GitHub();
        payload["pull_request"]!["base"]!["repo"]!["full_name"] = repository;
        using var response = await door.SendAsync("github", "pull_request", payload.ToJsonString(), hook: "some");
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Post_GitLabEventUuidAlone_TwoBodiesAreTwoDeliveries()
    {
        var (first, second) = (OwnPayloads.GitLab(), OwnPayloads.GitLab("update"));
        var runs = new List<string>();
        foreach (var body in new[] { first, second, first })
        {
            using var request = door.Delivery("gitlab", "Merge Request Hook", Encoding.UTF8.GetBytes(body.ToJsonString()), id: "one-event");
            request.Headers.Remove("Idempotency-Key");
            using var response = await door.Http.SendAsync(request, Token);
            runs.Add(await GitDoorFixture.RunOfAsync(response));
        }

        runs.Distinct().Count().ShouldBe(2);
        runs[2].ShouldBe(runs[0]);
    }

    [Fact]
    public async Task Post_WithoutADeliveryId_TheBodyNamesIt()
    {
        using var request = door.Delivery("github", "pull_request", Encoding.UTF8.GetBytes(OwnPayloads.GitHub().ToJsonString()));
        request.Headers.Remove("X-GitHub-Delivery");
        using var response = await door.Http.SendAsync(request, Token);
        (await door.EventAsync(response)).DeliveryId.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Post_AcceptedRun_NamesItsHook()
    {
        using var response = await door.SendAsync("github", "pull_request", OwnPayloads.GitHub().ToJsonString());
        RunId.TryParse(await GitDoorFixture.RunOfAsync(response), out var id).ShouldBeTrue();
        (await door.Storage.Runs.GetAsync(id, Token))!.Caller.ShouldBe("git:github");
    }

    private async Task<RunState> StateAsync(HttpResponseMessage accepted)
    {
        RunId.TryParse(await GitDoorFixture.RunOfAsync(accepted), out var id).ShouldBeTrue();
        return (await door.Storage.Runs.GetAsync(id, Token))!.State;
    }

    private async Task<int> RunsAsync() => (await door.Storage.Runs.ListAsync(new RunQuery { Limit = 1000 }, Token)).Count;

    private async Task FailAsync(string run)
    {
        LeasedMessage? mine = null;
        while (mine is null)
        {
            var taken = await door.Storage.Queues.DequeueAsync(
                new() { Queue = Queues.PullRequests, Function = "Test", Instance = "test", MaxCount = 10, LeaseDuration = TimeSpan.FromMinutes(1) }, Token);
            taken.ShouldNotBeEmpty();
            mine = taken.FirstOrDefault(message => message.RunId.ToString() == run);
            foreach (var other in taken.Where(message => message != mine))
            {
                await door.Storage.Queues.SettleAsync(other, new Settlement.Succeeded(null), Token);
            }
        }

        await door.Storage.Queues.SettleAsync(mine, new Settlement.Poisoned(new RunError("Test", "It failed.")), Token);
    }
}
