using System.Net;
using Ebb.Contracts;
using Ebb.Storage;

namespace Ebb.Webhooks.Tests.Secrets;

public sealed class SecretChangesTests
{
    private const string Bump = """{"application":"shop","new_tag":"1.4.0","environments":["dev"],"build":"17","commit":"abc"}""";

    [Fact]
    public async Task Bump_Accepted_WaitsInTheLineOfItsApplicationForTheCaller()
    {
        await using var door = await SecretsDoor.OpenAsync();

        var (status, body) = await door.PostAsync("/api/secrets/bump", Bump);

        status.ShouldBe(HttpStatusCode.Accepted);
        var run = (await door.Storage.Runs.GetAsync(RunId.Parse((string)body["id"]!), TestContext.Current.CancellationToken))!;
        (run.SequenceKey, run.Caller, run.Queue).ShouldBe(("shop", "key:host/ci", Queues.SecretChanges));
        (await door.QueuedAsync(Queues.SecretChanges)).ShouldBe(
            ["""{"change":"bump","new_tag":"1.4.0","environments":["dev"],"build":"17","commit":"abc","dryRun":false,"application":"shop"}"""]);
    }

    [Theory]
    [InlineData("/api/secrets/bump", Bump)]
    [InlineData("/api/images/mirror", """{"dryRun":true}""")]
    [InlineData("/api/etcd/drills", "{}")]
    public async Task AnyBody_ByteOrderMark_IsNoPartOfIt(string path, string body)
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync(path, "\uFEFF" + body)).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("rollback", """{"application":"shop","environment":"prd","to":3}""")]
    [InlineData("pin", """{"application":"shop","environment":"prd","reason":"audit"}""")]
    [InlineData("unpin", """{"application":"shop","environment":"prd"}""")]
    [InlineData("approve", """{"application":"shop","environment":"prd","new_tag":"1.4.0"}""")]
    public async Task EveryChange_Accepted_IsInTheSameLine(string change, string body)
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync($"/api/secrets/{change}", body)).Status.ShouldBe(HttpStatusCode.Accepted);

        (await door.QueuedAsync(Queues.SecretChanges)).ShouldHaveSingleItem().ShouldStartWith($"{{\"change\":\"{change}\"");
    }

    [Theory]
    [InlineData("bump", """{"application":"../sys","new_tag":"1"}""")]
    [InlineData("bump", """{"application":"%2e%2e","new_tag":"1"}""")]
    [InlineData("bump", """{"application":"shop","new_tag":""}""")]
    [InlineData("bump", """{"application":"shop","new_tag":"a/b"}""")]
    [InlineData("bump", """{"application":"shop","new_tag":"a\nb"}""")]
    [InlineData("bump", """{"change":"rollback","application":"shop","new_tag":"1"}""")]
    [InlineData("rollback", Bump)]
    [InlineData("bump", "")]
    public async Task WrongRequest_IsRefusedAndNothingIsQueued(string change, string body)
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync($"/api/secrets/{change}", body)).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await door.QueuedAsync(Queues.SecretChanges)).ShouldBeEmpty();
    }

    [Fact]
    public async Task TooLong_Is413()
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync("/api/secrets/bump", new string(' ', 70_000))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("shop", HttpStatusCode.Accepted)]
    [InlineData("till", HttpStatusCode.Forbidden)]
    [InlineData("shop2", HttpStatusCode.Forbidden)]
    public async Task KeyOfOneApplication_IsForThatOneOnly(string application, HttpStatusCode expected)
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync("/api/secrets/bump", $$"""{"application":"{{application}}","new_tag":"1"}""", SecretsDoor.ShopKey)).Status.ShouldBe(expected);

        (await door.QueuedAsync(Queues.SecretChanges)).Count.ShouldBe(expected == HttpStatusCode.Accepted ? 1 : 0);
    }

    [Fact]
    public async Task KeyOfOneApplication_OpensNothingElse()
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync("/api/images/mirror", "", SecretsDoor.ShopKey)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await door.GetAsync("/api/runs", SecretsDoor.ShopKey)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task WithoutAKey_Is401(string? key)
    {
        await using var door = await SecretsDoor.OpenAsync();

        (await door.PostAsync("/api/secrets/bump", Bump, key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
