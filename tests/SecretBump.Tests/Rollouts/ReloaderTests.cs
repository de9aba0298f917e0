using System.Text.Json.Nodes;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;

namespace Ebb.SecretBump.Tests.Rollouts;

/// <summary>Every workload is restarted once, by Reloader where it does that, else by Ebb.</summary>
public sealed class ReloaderTests
{
    private const string Auto = "reloader.stakater.com/auto";
    private const string SecretAuto = "secret.reloader.stakater.com/auto";
    private const string List = "secret.reloader.stakater.com/reload";
    private const string Exclude = "secrets.exclude.reloader.stakater.com/reload";
    private const string Search = "reloader.stakater.com/search";
    private const string Match = "reloader.stakater.com/match";
    private const string Ignore = "reloader.stakater.com/ignore";

    [Theory]
    [InlineData(false, $"{List}=other", $"{Auto}=true")]
    [InlineData(false, $"{Auto}=", $"{Auto}=true")]
    [InlineData(true, "", $"{Auto}=true")]
    [InlineData(true, $"{Exclude}=other", $"{List}=web")]
    [InlineData(false, $"{Exclude}=other;{Exclude}=web", $"{Auto}=true")]
    [InlineData(true, "", $"{Auto}=true;{Exclude}=web")]
    [InlineData(true, $"{Auto}=True")]
    [InlineData(true, $"{Auto}=1")]
    [InlineData(true, $"{SecretAuto}=t")]
    [InlineData(false, $"{Auto}=yes")]
    [InlineData(false, $"{Auto}=tRUE")]
    [InlineData(true, $"{Auto}=true;{Exclude}=we.")]
    [InlineData(false, $"{Auto}=true;{Exclude}=other, web")]
    [InlineData(true, $"{List}=other, we.+")]
    [InlineData(true, $"{List}=x|b")]
    [InlineData(false, $"{List}=w")]
    [InlineData(true, $"{Search}=true", "", $"{Match}=true")]
    [InlineData(false, $"{Search}=True", "", $"{Match}=true")]
    [InlineData(false, $"{Search}=true")]
    [InlineData(false, $"{Auto}=true", "", $"{Ignore}=true")]
    [InlineData(false, "")]
    public Task Annotations_AreReadAsReloaderDoes(bool reloader, string workload, string template = "", string secret = "") =>
        CheckAsync(reloader, workload, template, secret, _ => { });

    [Theory]
    [InlineData(true, "")]
    [InlineData(true, $"{Auto}=")]
    [InlineData(false, $"{Auto}=false")]
    [InlineData(false, $"{Exclude}=web")]
    public Task ReloaderOfEverything_IsASetting(bool reloader, string workload) =>
        CheckAsync(reloader, workload, "", "", bench => bench.Reloader.AutoReloadAll = true, ("SecretBump:Reloader", "all"));

    [Fact]
    public Task ReloaderThatDoesNotWatchThere_IsASettingOfTheEnvironment() =>
        CheckAsync(false, $"{Auto}=true", "", "", bench => bench.Reloader.IsPaused = true, ("SecretBump:Reloader", "all"), ("SecretBump:Environments:dev:Reloader", "off"));

    [Theory]
    [InlineData(true, $"{Auto}=true", true)]
    [InlineData(false, $"{Auto}=true", false)]
    [InlineData(true, $"{List}=web", false)]
    public async Task VolumeThatNoContainerMounts_CountsForNamedSecretsOnly(bool reloader, string workload, bool isMounted)
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:03"));
        await bench.AddExternalSecretAsync("web", BumpBench.PathOf("shop"));
        await bench.AddDeploymentAsync(ClusterBench.Namespace, "web", false, [], deployment =>
        {
            Annotate(deployment, workload);
            var pod = deployment["spec"]!["template"]!["spec"]!.AsObject();
            pod["volumes"] = new JsonArray(new JsonObject { ["name"] = "env", ["secret"] = new JsonObject { ["secretName"] = "web" } });
            pod["containers"]![0]!["volumeMounts"] = isMounted ? new JsonArray(new JsonObject { ["name"] = "env", ["mountPath"] = "/env" }) : null;
        });
        bench.Server.ForgetCalls();

        await CheckAsync(bench, reloader);
    }

    [Fact]
    public async Task SecretThatChangedThereAndBackWhileReloaderWasAway_IsRestarted()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:02"));
        await bench.AddShopAsync(reloader: true);
        await BumpAsync(bench, "1.4.0");
        bench.Reloader.IsPaused = true;
        var missed = await BumpAsync(bench, "1.5.0");
        bench.Reloader.IsPaused = false;

        var environment = await bench.Bumps.OneAsync(new RollbackRequest { Application = "shop", Environment = "dev", To = "1.4.0" });

        missed.Fault.ShouldBe("not-reloaded");
        environment.Action.ShouldBe(ChangeAction.Restored, environment.Cause);
        (bench.RestartsOf("web"), bench.Reloader.Reloads).ShouldBe((1, 1));
    }

    private static async Task CheckAsync(
        bool reloader, string workload, string template, string secret, Action<ClusterBench> prepare, params (string Key, string Value)[] settings)
    {
        await using var bench = await ClusterBench.StartAsync([("SecretBump:SyncTimeout", "00:00:03"), .. settings]);
        await bench.AddExternalSecretAsync("web", BumpBench.PathOf("shop"));
        bench.Server.Cluster.Change("secrets", ClusterBench.Namespace, "web", item => Annotate(item, secret));
        await bench.AddDeploymentAsync(ClusterBench.Namespace, "web", false, ["web"], deployment =>
        {
            Annotate(deployment, workload);
            Annotate(deployment["spec"]!["template"]!.AsObject(), template);
        });
        bench.Server.ForgetCalls();
        prepare(bench);

        await CheckAsync(bench, reloader);
    }

    private static async Task CheckAsync(ClusterBench bench, bool reloader)
    {
        var environment = await BumpAsync(bench, "1.4.0");

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        // Reloader acts within milliseconds, where it acts.
        await Task.Delay(TimeSpan.FromMilliseconds(100), BumpBench.Token);
        (bench.RestartsOf("web"), bench.Reloader.Reloads).ShouldBe(reloader ? (0, 1) : (1, 0));
    }

    private static void Annotate(JsonObject item, string annotations)
    {
        var all = item["metadata"]!["annotations"] as JsonObject ?? [];
        item["metadata"]!["annotations"] = all;
        foreach (var annotation in annotations.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            all[annotation.Split('=', 2)[0]] = annotation.Split('=', 2)[1];
        }
    }

    private static Task<EnvironmentReport> BumpAsync(ClusterBench bench, string tag) =>
        bench.Bumps.OneAsync(new BumpRequest { Application = "shop", NewTag = tag, Environments = ["dev"] });
}
