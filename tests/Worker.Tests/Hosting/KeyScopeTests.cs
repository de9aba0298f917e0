using System.Net;
using System.Text.Json.Nodes;

namespace Ebb.Worker.Tests.Hosting;

public sealed class KeyScopeTests : IDisposable
{
    private const string Scopes = """{ "host.function.shop": ["shop", "shop-*"], "functions.limited.own": ["till"], "host.master": [] }""";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("shop-key", "shop", HttpStatusCode.OK)]
    [InlineData("shop-key", "shop-admin", HttpStatusCode.OK)]
    [InlineData("shop-key", "shopping", HttpStatusCode.Forbidden)]
    [InlineData("shop-key", "Shop", HttpStatusCode.Forbidden)]
    [InlineData("own-key", "till", HttpStatusCode.OK)]
    [InlineData("own-key", "shop", HttpStatusCode.Forbidden)]
    [InlineData(SampleHost.HostKey, "anything", HttpStatusCode.OK)]
    [InlineData(SampleHost.MasterKey, "anything", HttpStatusCode.OK)]
    public async Task Function_ThatHeedsScopes_IsAskedWithTheKeysNames(string key, string name, HttpStatusCode expected)
    {
        await using var host = await StartAsync(Scopes);
        using var response = await host.GetAsync($"api/limited/{name}", key);
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Function_ThatHeedsNone_RefusesALimitedKey()
    {
        await using var host = await StartAsync(Scopes);
        using var work = await host.PostAsync("api/work", "{}", "shop-key");
        using var runs = await host.GetAsync("api/runs", "shop-key");
        using var admin = await host.GetAsync("admin/host/status", "shop-key");
        new[] { work.StatusCode, runs.StatusCode, admin.StatusCode }.ShouldAllBe(status => status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Run_LimitedKey_SeesOnlyItsOwn()
    {
        await using var host = await StartAsync(Scopes);
        var others = await host.EnqueueAsync(new() { Do = "ok", File = host.StepsFile() });
        var own = await host.Storage.Queues.EnqueueAsync(new() { Queue = "work", Body = "{}", Caller = "shop" }, CancellationToken.None);

        using var hidden = await host.GetAsync($"api/runs/{others}", "shop-key");
        using var shown = await host.GetAsync($"api/runs/{own.RunId}", "shop-key");

        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "host.function.shop": "shop" }""")]
    [InlineData("""{ "host.function.shop": null }""")]
    [InlineData("""{ "host.function.shop": [""] }""")]
    [InlineData("null")]
    public async Task Scopes_NotUnderstood_LimitEveryKeyButTheMasterToNothing(string scopes)
    {
        await using var host = await StartAsync(scopes);
        using var limited = await host.GetAsync("api/limited/shop", "shop-key");
        using var unlimited = await host.PostAsync("api/work", "{}");
        using var master = await host.GetAsync("api/limited/shop", SampleHost.MasterKey);

        limited.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        unlimited.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        master.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Logs.Lines.ShouldContain(line => line.Contains("scopes.json") && line.Contains("limited to nothing"));
    }

    [Fact]
    public async Task Scopes_NameOfNoKey_IsWarnedOf()
    {
        await using var host = await StartAsync("""{ "host.function.shpo": ["shop"] }""");
        using var response = await host.GetAsync("api/limited/shop", "shop-key");
        host.Logs.Lines.ShouldContain(line => line.Contains("host.function.shpo") && line.Contains("misspelt"));
    }

    [Fact]
    public async Task Wait_FailureWithAKind_AnswersItsStatus()
    {
        await using var host = await SampleHost.StartAsync();
        using var response = await host.PostAsync("api/work?wait=30s", """{"do":"conflict"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var run = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        ((string)run["state"]!).ShouldBe("failed");
        ((string)run["error"]!["type"]!).ShouldBe("Conflict");
    }

    private async Task<SampleHost> StartAsync(string scopes)
    {
        Directory.CreateDirectory(_directory.File("keys"));
        await File.WriteAllTextAsync(_directory.File("keys/host.function.shop"), "shop-key");
        await File.WriteAllTextAsync(_directory.File("keys/functions.limited.own"), "own-key");
        await File.WriteAllTextAsync(_directory.File("keys/scopes.json"), scopes);
        return await SampleHost.StartAsync(null, _directory);
    }
}
