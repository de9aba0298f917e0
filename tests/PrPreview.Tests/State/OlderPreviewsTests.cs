using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;

namespace Ebb.PrPreview.Tests.State;

/// <summary>Previews whose documents a version before this one wrote.</summary>
public sealed class OlderPreviewsTests
{
    private const string Name = "shop-pr-7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_OfAnOlderDocument_IsNotWrittenAgain()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        var source = bench.Cluster.Get("secrets", "ebb", "preview-pull-source")["metadata"]!;
        await AgeAsync(bench, $"{UidOfNamespace(bench)}/{source["uid"]}/{source["resourceVersion"]}");
        var before = WritesOfSecrets(bench);

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Ready);
        WritesOfSecrets(bench).ShouldBe(before);

        await AgeAsync(bench, $"{UidOfNamespace(bench)}/{source["uid"]}/another-version");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));
        WritesOfSecrets(bench).ShouldBe(before + 1);
        (await DocumentAsync(bench)).AsObject().ContainsKey("applied").ShouldBeFalse();
    }

    [Fact]
    public async Task Robot_OfAnOlderDocument_IsRenewedAtTheNextOpportunity()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        var first = bench.Registry.Robots.All.ShouldHaveSingleItem();
        var renewed = bench.Time.GetUtcNow() + TimeSpan.FromDays(15);
        await AgeAsync(bench, $"{UidOfNamespace(bench)}/robot/acme/{renewed:O}");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        bench.Registry.Robots.All.ShouldHaveSingleItem().Id.ShouldNotBe(first.Id);
        (await bench.FindAsync(Name))!.Written!.Robot!.ExpiresAt.ShouldBeGreaterThan(renewed);
    }

    [Theory]
    [InlineData("objects")]
    [InlineData("a/robot/acme/2027-01-02T03:04:05.0000000+00:00")]
    [InlineData("what nobody wrote")]
    public async Task Removal_OfAnOlderDocument_TakesTheRobotAlong(string applied)
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        await AgeAsync(bench, applied);
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);

        bench.Registry.Robots.All.ShouldBeEmpty();
    }

    private static async Task AgeAsync(PreviewBench bench, string applied)
    {
        var document = await DocumentAsync(bench);
        document.AsObject().Remove("written");
        document["applied"] = applied;
        await bench.Storage.Documents.PutAsync(Preview.KeyPrefix + Name, document.ToJsonString(), expectedVersion: null, Token);
    }

    private static async Task<JsonNode> DocumentAsync(PreviewBench bench) =>
        JsonNode.Parse((await bench.Storage.Documents.GetAsync(Preview.KeyPrefix + Name, Token))!.Value)!;

    private static string UidOfNamespace(PreviewBench bench) => bench.Cluster.Get("namespaces", null, Name)["metadata"]!["uid"]!.GetValue<string>();

    private static int WritesOfSecrets(PreviewBench bench) => bench.Api.Calls.Count(call => call is { Resource: "secrets", Verb: "patch", User: "pr-preview" });
}
