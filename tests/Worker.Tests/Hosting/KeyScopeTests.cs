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

    [Theory]
    [InlineData("host.function.shpo", "did you mean 'host.function.shop'?")]
    [InlineData("Host.Function.Shop", "did you mean 'host.function.shop'?")]
    [InlineData("somebody-else-entirely", "there are functions.limited.own, host.function.ci, host.function.shop, host.master.")]
    public async Task Scopes_NameOfNoKey_RefuseTheStartAndNameTheNearest(string name, string advice)
    {
        var refused = await Should.ThrowAsync<HostStartException>(() => StartAsync($$"""{ "{{name}}": ["shop"], "host.function.ci": ["till"] }"""));

        var problem = refused.Problems.ShouldHaveSingleItem();
        problem.ShouldContain($"limits '{name}', and there is no such key; {advice}");
        problem.ShouldContain("scopes.json");
    }

    [Fact]
    public async Task Scopes_NameOfNoKeyWhileRunning_KeepWhatHeldAndLetNoNewKeyIn()
    {
        await using var host = await StartAsync(Scopes);
        await File.WriteAllTextAsync(_directory.File("keys/host.function.till"), "till-key");
        await File.WriteAllTextAsync(_directory.File("keys/host.function.shop"), "rotated-key");
        File.Delete(_directory.File("keys/functions.limited.own"));
        await File.WriteAllTextAsync(_directory.File("keys/scopes.json"), """{ "host.function.shop": ["shop"], "host.function.tlil": ["till"] }""");
        await EventuallyAsync(host, "shop", "rotated-key", HttpStatusCode.OK);

        var answers = new[]
        {
            await AnswerAsync(host, "shop-old", "rotated-key"),
            await AnswerAsync(host, "till", "rotated-key"),
            await AnswerAsync(host, "till", "till-key"),
            await AnswerAsync(host, "till", "own-key"),
            await AnswerAsync(host, "till", SampleHost.HostKey),
        };

        answers.ShouldBe([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK]);
        host.Logs.Lines.Where(line => line.Contains("'host.function.tlil'")).ShouldHaveSingleItem().ShouldContain("did you mean 'host.function.till'?");
        host.Logs.Lines.ShouldContain(line => line.Contains("no new key is let in"));

        await File.WriteAllTextAsync(_directory.File("keys/scopes.json"), """{ "host.function.shop": ["shop"], "host.function.till": ["till"] }""");
        await EventuallyAsync(host, "till", "till-key", HttpStatusCode.OK);
        (await AnswerAsync(host, "shop-old", "rotated-key")).ShouldBe(HttpStatusCode.Forbidden);
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

    private static async Task<HttpStatusCode> AnswerAsync(SampleHost host, string name, string key)
    {
        using var response = await host.GetAsync($"api/limited/{name}", key);
        return response.StatusCode;
    }

    // Keys are read again when they are older than a second.
    private static async Task EventuallyAsync(SampleHost host, string name, string key, HttpStatusCode expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await AnswerAsync(host, name, key) != expected)
        {
            await Task.Delay(100, patience.Token);
        }
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
