using System.Text.Json.Nodes;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Rollouts;

public sealed class RolloutTests
{
    private static string Shop => BumpBench.PathOf("shop");

    [Fact]
    public async Task Rollback_ToAVersionWithTheSameTag_BringsItsOtherKeys()
    {
        await using var bench = await ClusterBench.StartAsync();
        bench.Bumps.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.3.0"), ("PASSWORD", "wrong"));
        await bench.AddShopAsync();

        var environment = await bench.Bumps.OneAsync(new RollbackRequest { Application = "shop", Environment = "dev", To = "1" });

        environment.Action.ShouldBe(ChangeAction.Restored, environment.Cause);
        var data = bench.Server.Cluster.Get("secrets", ClusterBench.Namespace, "web")["data"]!;
        ((string)data["PASSWORD"]!).ShouldBe(Convert.ToBase64String("p"u8));
        bench.RestartsOf("web").ShouldBe(1);
    }

    [Fact]
    public async Task Bump_GoesThroughExternalSecretsToHealthyPodsWithOneRestart()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();

        var environment = await BumpAsync(bench, "1.4.0");

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.TagInCluster().ShouldBe("1.4.0");
        bench.RestartsOf("web").ShouldBe(1);
        environment.Steps.Select(step => step.Name).ShouldBe(["read", "write", "ask", "sync", "restart", "rollout"]);
        var annotations = bench.Server.Cluster.Get("deployments", ClusterBench.Namespace, "web")["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject();
        ((string)annotations["kubectl.kubernetes.io/restartedAt"]!).ShouldEndWith("Z");
        (await bench.Bumps.KnownAsync("shop")).HealthyVersion.ShouldBe("2");
    }

    [Fact]
    public async Task Bump_SameTagAgain_AsksNeitherClusterNorMoreThanOnceTheStore()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();
        await BumpAsync(bench, "1.4.0");
        bench.Server.ForgetCalls();
        bench.Bumps.Vault.Requests.Clear();

        (await BumpAsync(bench, "1.4.0")).Action.ShouldBe(ChangeAction.Unchanged);

        bench.Server.Calls.ShouldBeEmpty();
        bench.Bumps.Vault.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Bump_TagThatRunsAlready_RestartsNothing()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();

        var environment = await BumpAsync(bench, "1.3.0");

        environment.Action.ShouldBe(ChangeAction.Unchanged, environment.Cause);
        bench.Server.Writes.ShouldBeEmpty();
        bench.Bumps.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(1);
    }

    [Fact]
    public async Task Bump_ReloaderOwnsTheWorkload_ItsRestartIsLeftToIt()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync(reloader: true);

        var environment = await BumpAsync(bench, "1.4.0");

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.RestartsOf("web").ShouldBe(0);
        bench.Reloader.Reloads.ShouldBe(1);
        environment.Steps.ShouldContain(step => step.Name == "restart" && step.Detail.Contains("Reloader"));
    }

    [Fact]
    public async Task Bump_ReloaderDoesNotComeAbout_FailsAndSaysSo()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:02"));
        await bench.AddShopAsync(reloader: true);
        bench.Reloader.IsPaused = true;

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Fault, environment.Kind).ShouldBe(("not-reloaded", FailureKind.TimedOut));
    }

    [Fact]
    public async Task Bump_WrittenPastEbbAndReloaderDoesNotComeAbout_IsNoSuccess()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:02"));
        await bench.AddShopAsync(reloader: true);
        bench.Reloader.IsPaused = true;
        bench.Bumps.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.4.0"), ("PASSWORD", "p"));

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Fault, environment.Kind).ShouldBe(("not-reloaded", FailureKind.TimedOut));
    }

    [Theory]
    [InlineData("1.4.0-rc1", "shop:{{ .METADATA_TAG }}")]
    [InlineData("21.4.0", "shop:{{ .METADATA_TAG }}")]
    [InlineData("1.3.0", "shop:v{{ .METADATA_TAG }}")]
    [InlineData("1.3.0", "{{ .METADATA_TAG }}")]
    public async Task Bump_TemplateWithTheTagInIt_IsBroughtAndRestartedOnce(string before, string template)
    {
        await using var bench = await ClusterBench.StartAsync();
        bench.Bumps.Vault.KeyValue().Put(Shop, ("METADATA_TAG", before), ("PASSWORD", "p"));
        await bench.AddExternalSecretAsync(
            "web", Shop, spec => spec["target"]!["template"] = new JsonObject { ["data"] = new JsonObject { ["METADATA_TAG"] = template } });
        await bench.AddDeploymentAsync("web", false, "web");
        bench.Server.ForgetCalls();

        var environment = await BumpAsync(bench, "1.4.0");

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.TagInCluster().ShouldBe(template.Replace("{{ .METADATA_TAG }}", "1.4.0", StringComparison.Ordinal));
        bench.RestartsOf("web").ShouldBe(1);
    }

    [Fact]
    public async Task Bump_TwoSecretsOfOneWorkload_IsOneRestart()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddExternalSecretAsync("web", Shop);
        await bench.AddExternalSecretAsync("sidecar", Shop, spec =>
        {
            spec["dataFrom"] = null;
            spec["data"] = new JsonArray(new JsonObject { ["secretKey"] = "tag", ["remoteRef"] = new JsonObject { ["key"] = Shop, ["property"] = "METADATA_TAG" } });
        });
        await bench.AddDeploymentAsync("web", false, "web", "sidecar");
        bench.Server.ForgetCalls();

        var environment = await BumpAsync(bench, "1.4.0");

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.RestartsOf("web").ShouldBe(1);
    }

    [Fact]
    public async Task Bump_MadeByAClusterExternalSecret_AsksThatOne()
    {
        await using var bench = await ClusterBench.StartAsync();
        bench.Server.Cluster.Create("clusterexternalsecrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "all" },
            ["spec"] = new JsonObject
            {
                ["externalSecretName"] = "web",
                ["namespaces"] = new JsonArray(ClusterBench.Namespace),
                ["externalSecretSpec"] = new JsonObject
                {
                    ["refreshInterval"] = "1h",
                    ["target"] = new JsonObject { ["name"] = "web" },
                    ["data"] = new JsonArray(new JsonObject { ["secretKey"] = "METADATA_TAG", ["remoteRef"] = new JsonObject { ["key"] = Shop, ["property"] = "METADATA_TAG" } }),
                },
            },
        });
        await bench.Server.Cluster.UntilAsync("secrets", ClusterBench.Namespace, "web", secret => secret is not null, BumpBench.Token);
        bench.Server.ForgetCalls();

        var environment = await BumpAsync(bench, "1.4.0");

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.TagInCluster().ShouldBe("1.4.0");
        bench.Server.Writes.Select(call => call.Resource).ShouldBe(["clusterexternalsecrets.external-secrets.io"]);
    }

    [Theory]
    [InlineData("refreshPolicy", "CreatedOnce")]
    [InlineData("refreshInterval", "0")]
    [InlineData("refreshInterval", "0s")]
    public async Task Bump_ExternalSecretThatNeverLooksAgain_SaysSoAtOnce(string key, string value)
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddExternalSecretAsync("web", Shop, spec => spec[key] = value);

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Fault, environment.Kind).ShouldBe(("never-refreshed", FailureKind.Unprocessable));
        environment.Cause!.ShouldContain(value);
        environment.NewTag.ShouldBeNull();
    }

    [Fact]
    public async Task Bump_StoreNotReadyForTheOperator_TimesOutWithItsWords()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:02"));
        await bench.AddShopAsync();
        bench.Bumps.Vault.KeyValue().Written = path => bench.Bumps.Vault.Sealed = true;

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Fault, environment.Kind).ShouldBe(("not-synced", FailureKind.TimedOut));
        environment.Cause!.ShouldContain("SecretSyncedError");
    }

    [Fact]
    public async Task Bump_NoExternalSecret_SaysWhatWasLookedFor()
    {
        await using var bench = await ClusterBench.StartAsync();

        var environment = await BumpAsync(bench, "1.4.0");

        environment.Fault.ShouldBe("no-external-secret");
        environment.Cause!.ShouldContain(Shop);
        bench.Bumps.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(1, "what cannot be rolled out is not written");
    }

    [Fact]
    public async Task Bump_PodsThatDoNotStart_FailsWithTheirReason()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:PodPatience", "00:00:00.500"));
        await bench.AddShopAsync();
        bench.Deployments.Outcome = _ => PodOutcome.ImagePullBackOff("harbor.example.com/shop:1.4.0");

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Fault, environment.Kind).ShouldBe(("unhealthy", FailureKind.Unprocessable));
        environment.Cause!.ShouldContain("ImagePullBackOff");
        environment.Cause!.ShouldContain("manifest unknown");
        bench.Bumps.TagOf("shop").ShouldBe("1.4.0", "without AutoRollback it stays");
    }

    [Fact]
    public async Task Bump_RolloutThatNeverEnds_TimesOut()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:RolloutTimeout", "00:00:02"));
        await bench.AddShopAsync();
        bench.Deployments.Outcome = _ => PodOutcome.Starting;

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Fault, environment.Kind).ShouldBe(("slow", FailureKind.TimedOut));
    }

    [Fact]
    public async Task Bump_AutoRollback_BringsTheVersionBeforeBackAndStillFails()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:PodPatience", "00:00:00.500"), ("SecretBump:AutoRollback", "true"));
        await bench.AddShopAsync();
        await BumpAsync(bench, "1.3.0");
        bench.Deployments.Outcome = _ => bench.TagInCluster() == "1.4.0" ? PodOutcome.CrashLoopBackOff : PodOutcome.Ready;

        var environment = await BumpAsync(bench, "1.4.0");

        (environment.Action, environment.Fault, environment.RolledBackTo, environment.NewTag).ShouldBe((ChangeAction.Failed, "unhealthy", "3", "1.3.0"));
        environment.Cause!.ShouldContain("CrashLoopBackOff");
        (bench.Bumps.TagOf("shop"), bench.TagInCluster()).ShouldBe(("1.3.0", "1.3.0"));
        var known = await bench.Bumps.KnownAsync("shop");
        known.HealthyVersion.ShouldBe("3");
        known.Changes.Select(change => change.Change).ShouldBe(["rollback", "bump"]);
    }

    [Fact]
    public async Task Rollback_GoesThroughToTheCluster()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();
        await BumpAsync(bench, "1.4.0");

        var environment = await bench.Bumps.OneAsync(new RollbackRequest { Application = "shop", Environment = "dev", To = "1.3.0" });

        environment.Action.ShouldBe(ChangeAction.Restored, environment.Cause);
        bench.TagInCluster().ShouldBe("1.3.0");
        bench.RestartsOf("web").ShouldBe(2);
    }

    [Fact]
    public async Task Bump_KubernetesGoneForAMoment_IsAskedAgain()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();
        bench.Server.Fail(ApiFault.Cut(call => call.Verb == "get"));

        (await BumpAsync(bench, "1.4.0")).Action.ShouldBe(ChangeAction.Updated);
    }

    private static Task<EnvironmentReport> BumpAsync(ClusterBench bench, string tag, string? run = null) =>
        bench.Bumps.OneAsync(new BumpRequest { Application = "shop", NewTag = tag, Environments = ["dev"] }, run: run);
}
