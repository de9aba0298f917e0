using System.Text.Json.Nodes;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.TestServers.Kubernetes;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Rollouts;

/// <summary>ExternalSecrets that make something else of the application's secret, or nothing.</summary>
public sealed class ShapedSecretTests
{
    private static string Shop => BumpBench.PathOf("shop");

    private static Action<JsonObject> Rewrite => spec => spec["dataFrom"]![0]!["rewrite"] =
        new JsonArray(new JsonObject { ["regexp"] = new JsonObject { ["source"] = "^(.*)$", ["target"] = "SHOP_$1" } });

    private static Action<JsonObject> Template => spec => spec["target"]!["template"] = new JsonObject
    {
        ["templateFrom"] = new JsonArray(new JsonObject { ["literal"] = "IMAGE: harbor.example.com/shop:{{ .METADATA_TAG }}\nPASSWORD: {{ .PASSWORD }}" }),
    };

    private static Action<JsonObject> TemplateOfAMap => spec => spec["target"]!["template"] = new JsonObject
    {
        ["templateFrom"] = new JsonArray(new JsonObject { ["configMap"] = new JsonObject { ["name"] = "templates", ["items"] = new JsonArray(new JsonObject { ["key"] = "image" }) } }),
    };

    private static Action<JsonObject> Find => spec => spec["dataFrom"] = new JsonArray(new JsonObject
    {
        ["find"] = new JsonObject { ["path"] = "application/shop", ["name"] = new JsonObject { ["regexp"] = "dev/docker$" } },
    });

    public static TheoryData<string> Shapes => ["rewrite", "literal", "map", "find"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Bump_TagUnderAnotherKey_IsDeliveredAndRestartedOnce(string shape)
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:05"));
        bench.Server.Cluster.Create("configmaps", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "templates", ["namespace"] = ClusterBench.Namespace },
            ["data"] = new JsonObject { ["image"] = "shop:{{ .METADATA_TAG }}" },
        });
        await AddShopAsync(bench, shape switch { "rewrite" => Rewrite, "literal" => Template, "map" => TemplateOfAMap, _ => Find });

        var environment = await BumpAsync(bench);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        environment.Steps.ShouldContain(step => step.Name == "sync" && step.Detail.Contains("was delivered; 1.4.0 is in it"));
        (bench.Asks, bench.RestartsOf("web")).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bump_WithoutTheTagInIt_IsDeliveredAndRestartsNothing(bool reloader)
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:10"));
        await AddShopAsync(bench, spec => spec["target"]!["template"] = new JsonObject { ["data"] = new JsonObject { ["PASSWORD"] = "{{ .PASSWORD }}" } }, reloader);

        var environment = await BumpAsync(bench);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        environment.Steps.ShouldContain(step => step.Name == "sync" && step.Detail.Contains("nothing in it has changed; 1.4.0 could not be found in it"));
        (bench.RestartsOf("web"), bench.Reloader.Reloads).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Bump_TagIsInItByChance_IsDeliveredAllTheSame()
    {
        await using var bench = await ClusterBench.StartAsync();
        bench.Bumps.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"), ("PROXY_VERSION", "1.4.0"));
        await AddShopAsync(bench, Rewrite);

        var environment = await BumpAsync(bench);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        var data = bench.Server.Cluster.Get("secrets", ClusterBench.Namespace, "web")["data"]!;
        ((string)data["SHOP_METADATA_TAG"]!).ShouldBe(Convert.ToBase64String("1.4.0"u8));
        bench.RestartsOf("web").ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bump_ImmutableTarget_IsNamedAtOnceAndGoesOnWhenItIsMadeAnew(bool byExternalSecret)
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:10"));
        await AddShopAsync(bench, spec => spec["target"]!["immutable"] = byExternalSecret, reloader: true);
        bench.Server.Cluster.Change("secrets", ClusterBench.Namespace, "web", secret => secret["immutable"] = true);

        var stopped = await BumpAsync(bench);
        var asks = bench.Asks;
        bench.Server.Cluster.Delete("secrets", ClusterBench.Namespace, "web");
        bench.Operator.LookAgain();
        await bench.Server.Cluster.UntilAsync("secrets", ClusterBench.Namespace, "web", secret => secret is not null, BumpBench.Token);
        var environment = await BumpAsync(bench);

        (stopped.Fault, stopped.Kind, asks).ShouldBe(("immutable", FailureKind.Unprocessable, 0));
        stopped.Cause!.ShouldContain("Secret web");
        stopped.Remedy!.ShouldContain("delete the Secret");
        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.TagInCluster().ShouldBe("1.4.0");
        // Reloader sees no update of a Secret that was made anew.
        (bench.RestartsOf("web"), bench.Reloader.Reloads).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Bump_TargetOfAnotherExternalSecret_IsNamedAtOnce()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:10"));
        await bench.AddExternalSecretAsync("other", "application/shop/other", spec => spec["dataFrom"]![0]!["extract"]!["key"] = Shop);
        bench.Server.Cluster.Change("externalsecrets", ClusterBench.Namespace, "other", item => item["spec"]!["dataFrom"] = new JsonArray());
        bench.Server.Cluster.Create("externalsecrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = ClusterBench.Namespace },
            ["spec"] = new JsonObject
            {
                ["target"] = new JsonObject { ["name"] = "other" },
                ["dataFrom"] = new JsonArray(new JsonObject { ["extract"] = new JsonObject { ["key"] = Shop } }),
            },
        });
        await bench.Server.Cluster.UntilAsync("externalsecrets", ClusterBench.Namespace, "web", item => item?["status"]?["conditions"]?[0]?["status"]?.GetValue<string>() == "False", BumpBench.Token);

        var environment = await BumpAsync(bench);

        (environment.Fault, environment.Kind).ShouldBe(("owned", FailureKind.Unprocessable));
        environment.Cause!.ShouldContain("belongs to ExternalSecret other");
    }

    [Fact]
    public async Task Bump_SecretThatIsOnlyMergedIntoAndMissing_IsNamedAtOnce()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:10"));
        await bench.AddExternalSecretAsync("web", Shop, spec => spec["target"]!["creationPolicy"] = "Merge");
        bench.Server.ForgetCalls();

        var environment = await BumpAsync(bench);

        (environment.Fault, environment.Kind, bench.Asks).ShouldBe(("no-secret", FailureKind.Unprocessable, 1));
        environment.Cause!.ShouldContain("creationPolicy is Merge");
    }

    [Fact]
    public async Task Bump_OperatorReadsAServerThatLags_AsksMoreAndMoreRarely()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:06"));
        await AddShopAsync(bench, _ => { });
        bench.Seen = _ => new Dictionary<string, string> { ["METADATA_TAG"] = "1.3.0", ["PASSWORD"] = "p" };

        var environment = await BumpAsync(bench);
        var asks = bench.Asks;
        bench.Seen = null;
        var again = await BumpAsync(bench);

        (environment.Fault, environment.Kind, asks).ShouldBe(("not-synced", FailureKind.TimedOut, 3));
        environment.Cause!.ShouldContain("does not hold 1.4.0 under METADATA_TAG");
        again.Action.ShouldBe(ChangeAction.Updated, again.Cause);
        bench.RestartsOf("web").ShouldBe(1);
    }

    [Fact]
    public async Task Bump_AnswerToTheRequestIsLost_IsAskedOnce()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:05"));
        await AddShopAsync(bench, Rewrite);
        bench.Server.Fail(ApiFault.LoseAnswer(call => call.Verb == "patch" && call.Resource.StartsWith("externalsecrets", StringComparison.Ordinal)));

        var environment = await BumpAsync(bench);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        (bench.Asks, bench.RestartsOf("web")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Bump_ClaimsAClusterExternalSecretThatDidNotMakeIt_ThatOneIsNotTouched()
    {
        await using var bench = await ClusterBench.StartAsync();
        bench.Server.Cluster.Create("clusterexternalsecrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "everyone" },
            ["spec"] = new JsonObject { ["namespaces"] = new JsonArray(), ["externalSecretSpec"] = new JsonObject() },
        });
        await AddShopAsync(bench, _ => { });
        bench.Server.Cluster.Change("externalsecrets", ClusterBench.Namespace, "web", item => item["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "external-secrets.io/v1",
            ["kind"] = "ClusterExternalSecret",
            ["name"] = "everyone",
            ["uid"] = (string)bench.Server.Cluster.Get("clusterexternalsecrets", null, "everyone")["metadata"]!["uid"]!,
            ["controller"] = true,
        }));
        bench.Server.ForgetCalls();

        var environment = await BumpAsync(bench);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.Server.Writes.ShouldNotContain(call => call.Resource.StartsWith("clusterexternalsecrets", StringComparison.Ordinal));
    }

    private static async Task AddShopAsync(ClusterBench bench, Action<JsonObject> change, bool reloader = false)
    {
        await bench.AddExternalSecretAsync("web", Shop, change);
        await bench.AddDeploymentAsync("web", reloader, "web");
        bench.Server.ForgetCalls();
    }

    private static Task<EnvironmentReport> BumpAsync(ClusterBench bench) => bench.Bumps.OneAsync(new BumpRequest { Application = "shop", NewTag = "1.4.0", Environments = ["dev"] });
}
