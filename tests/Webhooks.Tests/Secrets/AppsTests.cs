using System.Net;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Secrets;
using Ebb.Storage;

namespace Ebb.Webhooks.Tests.Secrets;

public sealed class AppsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_ShowsWhatTheWorkerKeeps()
    {
        await using var door = await OpenAsync();

        var (status, body) = await door.GetAsync("/api/apps");

        status.ShouldBe(HttpStatusCode.OK);
        body["applications"]!.AsArray().Select(application => (string)application!["application"]!).ShouldBe(["shop", "till"]);
        var environment = body["applications"]![0]!["environments"]![0]!;
        ((string)environment["environment"]!, (string)environment["tag"]!, (string)environment["version"]!, (bool)environment["healthy"]!).ShouldBe(("dev", "1.4.0", "7", true));
        ((string)environment["pin"]!["tag"]!).ShouldBe("1.4.0");
    }

    [Fact]
    public async Task List_NotLookedAtYet_ClaimsNoTime()
    {
        await using var door = await OpenAsync();
        await PutAsync(door, Document("shop") with { ReadAt = null });

        var (_, body) = await door.GetAsync("/api/apps/shop");

        body["environments"]![0]!.AsObject().ContainsKey("readAt").ShouldBeFalse();
    }

    [Fact]
    public async Task Versions_AreThoseThatCanBeDeployedWithWhoMadeThem()
    {
        await using var door = await OpenAsync();

        var (_, body) = await door.GetAsync("/api/apps/shop/dev/versions");

        var versions = body["versions"]!.AsArray();
        versions.Select(version => ((string)version!["version"]!, (string)version["tag"]!, (bool)version["current"]!, (string?)version["by"])).ShouldBe([("7", "1.4.0", true, "ci"), ("5", "1.3.0", false, null)]);
    }

    [Theory]
    [InlineData("/api/apps/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/apps/shop/prd/versions", HttpStatusCode.NotFound)]
    [InlineData("/api/apps/..%2fshop", HttpStatusCode.BadRequest)]
    [InlineData("/api/apps/%2e%2e%2f/dev/versions", HttpStatusCode.BadRequest)]
    [InlineData("/api/apps?refresh=maybe", HttpStatusCode.BadRequest)]
    public async Task Unknown_IsSaid(string path, HttpStatusCode expected)
    {
        await using var door = await OpenAsync();

        (await door.GetAsync(path)).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task KeyOfOneApplication_SeesThatOneOnly()
    {
        await using var door = await OpenAsync();

        var (_, list) = await door.GetAsync("/api/apps", SecretsDoor.ShopKey);

        list["applications"]!.AsArray().Select(application => (string)application!["application"]!).ShouldBe(["shop"]);
        (await door.GetAsync("/api/apps/till", SecretsDoor.ShopKey)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Refresh_Waits_AndShowsWhatTheWorkerFoundMeanwhile()
    {
        await using var door = await OpenAsync();
        var asked = door.GetAsync("/api/apps/shop/dev/versions?refresh=true&wait=60s");
        await door.Storage.Queues.WaitForWorkAsync([Queues.SecretRefresh], Token);
        var request = new DequeueRequest { Queue = Queues.SecretRefresh, Function = "RefreshOnRequest", Instance = "test", MaxCount = 1, LeaseDuration = TimeSpan.FromMinutes(1) };
        IReadOnlyList<LeasedMessage> messages;
        while ((messages = await door.Storage.Queues.DequeueAsync(request, Token)).Count == 0)
        {
            await door.Storage.Queues.WaitForWorkAsync([Queues.SecretRefresh], Token);
        }

        messages[0].Body.ShouldBe("""{"application":"shop"}""");
        await PutAsync(door, Document("shop") with { CurrentVersion = "8", Versions = [new DeployableVersion("8", "1.5.0", At)] });
        await door.Storage.Queues.SettleAsync(messages[0], new Settlement.Succeeded(null), Token);

        var (status, body) = await asked;
        status.ShouldBe(HttpStatusCode.OK);
        ((string)body["versions"]![0]!["tag"]!).ShouldBe("1.5.0");
    }

    [Fact]
    public async Task Refresh_WithoutWait_Is202WithTheRun()
    {
        await using var door = await OpenAsync();

        var (status, body) = await door.GetAsync("/api/apps?refresh=true");

        (status, (string)body["state"]!).ShouldBe((HttpStatusCode.Accepted, "queued"));
    }

    private static async Task<SecretsDoor> OpenAsync()
    {
        var door = await SecretsDoor.OpenAsync();
        await PutAsync(door, Document("shop"));
        await PutAsync(door, Document("till"));
        return door;
    }

    private static EnvironmentDocument Document(string application) => new()
    {
        Application = application,
        Environment = "dev",
        CurrentVersion = "7",
        CurrentTag = "1.4.0",
        HealthyVersion = "7",
        Pin = new Pin("1.4.0", "lead", At, "audit"),
        Versions = [new DeployableVersion("7", "1.4.0", At), new DeployableVersion("5", "1.3.0", At)],
        Changes = [new MadeChange { Version = "7", From = "5", Change = "bump", Tag = "1.4.0", By = "ci", Run = "r", At = At }],
        ReadAt = At,
    };

    private static async Task PutAsync(SecretsDoor door, EnvironmentDocument document) => await door.Storage.Documents.PutAsync(
        EnvironmentDocument.KeyOf(document.Application, document.Environment), JsonSerializer.Serialize(document, ContractsJson.Default.EnvironmentDocument), null, Token);
}
