using System.Net;
using System.Text.Json.Nodes;
using Ebb.Storage;
using Ebb.Worker.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Hosting;

/// <summary>No two credentials are one caller, and no credential is two.</summary>
public sealed class CallerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Keys_OfOneName_AreDifferentCallers()
    {
        await using var host = await StartAsync(("functions.Enqueue.ci", "function-key"), ("host.function.master", "host-key-called-master"), ("host.systemKey.ci", "system-key"));

        (await CallerAsync(host, SampleHost.HostKey)).ShouldBe("key:host/ci");
        (await CallerAsync(host, "function-key")).ShouldBe("key:function/Enqueue/ci");
        (await CallerAsync(host, "host-key-called-master")).ShouldBe("key:host/master");
        (await CallerAsync(host, SampleHost.MasterKey)).ShouldBe("key:master");
    }

    [Fact]
    public async Task IdempotencyKey_OfAKeyWithTheSameName_IsAnothers()
    {
        await using var host = await StartAsync(("functions.Enqueue.ci", "function-key"));
        using var first = await host.PostAsync("api/work", "{}", SampleHost.HostKey, ("Idempotency-Key", "build-7"));

        using var second = await host.PostAsync("api/work", "{}", "function-key", ("Idempotency-Key", "build-7"));

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    // Whoever holds one value must not be able to approve what the same value asked for.
    [Fact]
    public async Task Value_InTwoFiles_IsOneCaller()
    {
        await using var host = await StartAsync(("functions.Enqueue.a", "shared"), ("host.function.b", "shared"), ("functions.Another.c", "shared"));

        (await CallerAsync(host, "shared")).ShouldBe("key:function/Another/c");
    }

    [Fact]
    public async Task Run_StoredWithTheBareNameOfAKey_IsStillItsOwn()
    {
        await File.WriteAllTextAsync(Keys("scopes.json"), """{ "host.function.shop": ["shop"] }""");
        await using var host = await StartAsync(("host.function.shop", "shop-key"));
        var legacy = await host.Storage.Queues.EnqueueAsync(new() { Queue = "idle", Body = "{}", Caller = "shop" }, default);
        var another = await host.Storage.Queues.EnqueueAsync(new() { Queue = "idle", Body = "{}", Caller = "rabbitmq:user/shop" }, default);

        using var shown = await host.GetAsync($"api/runs/{legacy.RunId}", "shop-key");
        using var hidden = await host.GetAsync($"api/runs/{another.RunId}", "shop-key");

        (shown.StatusCode, hidden.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("ci", "key:host/ci", true)]
    [InlineData("ci", "key:system/ci", true)]
    [InlineData("ci", "key:function/F/ci", true)]
    [InlineData("master", "key:master", true)]
    [InlineData("ci", "rabbitmq:user/ci", false)]
    [InlineData("ci", "rabbitmq:queue/ci", false)]
    [InlineData("key:host/ci", "key:function/F/ci", false)]
    [InlineData("rabbitmq:user/ci", "rabbitmq:queue/ci", false)]
    [InlineData("rabbitmq:user/ci", "key:host/ci", false)]
    [InlineData(null, "key:host/ci", false)]
    [InlineData("ci", null, false)]
    public void MayBeOne_StoredAndNow_OnlyTheSameOrABareNameOfAKey(string? stored, string? caller, bool expected) =>
        CallerNames.MayBeOne(stored, caller).ShouldBe(expected);

    [Theory]
    [InlineData("""{ "rabbitmq:user/ci": ["shop"], "host.function.ci": ["till"] }""", true)]
    [InlineData("{", false)]
    public void Senders_WithoutAnyKey_HaveTheScopesOfTheFile(string scopes, bool mayShop)
    {
        // As a worker has it, which is given the scopes and none of the keys.
        File.WriteAllText(Keys("scopes.json"), scopes);
        var keys = new FunctionKeys(Keys(""), TimeProvider.System, NullLogger<FunctionKeys>.Instance);

        keys.RequireScopesOfKeys();

        keys.ScopeOfSender("rabbitmq:user/ci")!.Allows("shop").ShouldBe(mayShop);
        keys.ScopeOfSender("rabbitmq:user/ci")!.Allows("till").ShouldBeFalse();
    }

    private static async Task<string?> CallerAsync(SampleHost host, string key)
    {
        using var response = await host.PostAsync("api/work", "{}", key);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = RunId.Parse((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!);
        return (await host.Storage.Runs.GetAsync(id, default))!.Caller;
    }

    private async Task<SampleHost> StartAsync(params (string Name, string Value)[] keys)
    {
        foreach (var (name, value) in keys)
        {
            await File.WriteAllTextAsync(Keys(name), value);
        }

        return await SampleHost.StartAsync(null, _directory);
    }

    private string Keys(string name)
    {
        Directory.CreateDirectory(_directory.File("keys"));
        return Path.Combine(_directory.File("keys"), name);
    }
}
