using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.SecretBump.Tests.Rollouts;

/// <summary>A worker that ends between any two requests, and its successor that gets the same message.</summary>
public sealed class InterruptionTests
{
    private const string Run = "run-a";

    [Theory]
    [InlineData("list", "externalsecrets.external-secrets.io", 1)]
    [InlineData("list", "externalsecrets.external-secrets.io", 2)]
    [InlineData("patch", "externalsecrets.external-secrets.io", 1)]
    [InlineData("list", "externalsecrets.external-secrets.io", 3)]
    [InlineData("get", "secrets", 2)]
    [InlineData("patch", "deployments.apps", 1)]
    [InlineData("list", "deployments.apps", 2)]
    [InlineData("list", "deployments.apps", 3)]
    public async Task Killed_AtAnyRequest_IsOneVersionAndOneRestart(string verb, string resource, int occurrence)
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();

        await KillAsync(bench, verb, resource, occurrence);
        await bench.Bumps.RestartAsync();
        var environment = await bench.Bumps.OneAsync(Bump, run: Run);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.Bumps.Vault.KeyValue().CurrentVersion(BumpBench.PathOf("shop")).ShouldBe(2);
        bench.RestartsOf("web").ShouldBe(1);
        bench.TagInCluster().ShouldBe("1.4.0");
        (await bench.Bumps.KnownAsync("shop")).Changes.Select(change => (change.Version, change.Run)).ShouldBe([("2", Run)]);
    }

    [Fact]
    public async Task Killed_AfterReloaderRestarted_DoesNotWaitForAnother()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync(reloader: true);

        await KillAsync(bench, "list", "deployments.apps", 3);
        await bench.Server.Cluster.UntilAsync("deployments", ClusterBench.Namespace, "web", _ => bench.Reloader.Reloads == 1, BumpBench.Token);
        await bench.Bumps.RestartAsync();
        var environment = await bench.Bumps.OneAsync(Bump, run: Run);

        environment.Action.ShouldBe(ChangeAction.Updated, environment.Cause);
        bench.Reloader.Reloads.ShouldBe(1);
    }

    [Fact]
    public async Task Killed_AndSomebodyWroteOverIt_TheirsStaysAndTheRunSaysSo()
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();
        await KillAsync(bench, "patch", "externalsecrets.external-secrets.io", 1);
        bench.Bumps.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "9.9.9"));

        await bench.Bumps.RestartAsync();
        var environment = await bench.Bumps.OneAsync(Bump, run: Run);

        environment.Fault.ShouldBe("overtaken");
        bench.Bumps.TagOf("shop").ShouldBe("9.9.9");
        (await bench.Bumps.KnownAsync("shop")).Changes.Select(change => change.Version).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Killed_DuringAutoRollback_TheSuccessorFinishesIt()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:PodPatience", "00:00:00.500"), ("SecretBump:AutoRollback", "true"));
        await bench.AddShopAsync();
        bench.Deployments.Outcome = _ => bench.TagInCluster() == "1.4.0" ? PodOutcome.CrashLoopBackOff : PodOutcome.Ready;

        // The second time that the operator is asked is for the version that was brought back.
        await KillAsync(bench, "patch", "externalsecrets.external-secrets.io", 2);
        await bench.Bumps.RestartAsync();
        var environment = await bench.Bumps.OneAsync(Bump, run: Run);

        (environment.Action, environment.RolledBackTo).ShouldBe((ChangeAction.Failed, "3"));
        bench.TagInCluster().ShouldBe("1.3.0");
        bench.Bumps.Vault.KeyValue().CurrentVersion(BumpBench.PathOf("shop")).ShouldBe(3);
    }

    [Theory]
    [InlineData("get", "secrets", 3)]
    [InlineData("list", "deployments.apps", 2)]
    [InlineData("patch", "deployments.apps", 1)]
    public async Task Killed_ChangeWrittenPastEbbWasDelivered_IsRestartedOnce(string verb, string resource, int occurrence)
    {
        await using var bench = await ClusterBench.StartAsync();
        await bench.AddShopAsync();
        bench.Bumps.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.4.0"), ("PASSWORD", "p"));

        await KillAsync(bench, verb, resource, occurrence);
        bench.TagInCluster().ShouldBe("1.4.0", "it was delivered");
        await bench.Bumps.RestartAsync();
        var environment = await bench.Bumps.OneAsync(Bump, run: Run);

        environment.Action.ShouldBe(ChangeAction.Unchanged, environment.Cause);
        bench.RestartsOf("web").ShouldBe(1);
        (await bench.Bumps.KnownAsync("shop")).HealthyVersion.ShouldBe("2");
    }

    [Fact]
    public async Task Failed_ChangeWrittenPastEbbWasDelivered_TheNextRunRestartsIt()
    {
        await using var bench = await ClusterBench.StartAsync(("SecretBump:SyncTimeout", "00:00:02"));
        await bench.AddShopAsync(reloader: true);
        bench.Reloader.IsPaused = true;
        bench.Bumps.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.4.0"), ("PASSWORD", "p"));

        var first = await bench.Bumps.OneAsync(Bump, run: Run);
        var second = await bench.Bumps.OneAsync(Bump, run: "run-b");

        (first.Fault, second.Fault).ShouldBe(("not-reloaded", "not-reloaded"), "nobody has restarted it yet");
    }

    private static BumpRequest Bump => new() { Application = "shop", NewTag = "1.4.0", Environments = ["dev"] };

    /// <summary>Ends the run when it makes the request for the n-th time, before the request is answered.</summary>
    private static async Task KillAsync(ClusterBench bench, string verb, string resource, int occurrence)
    {
        using var kill = new CancellationTokenSource();
        var seen = 0;
        bench.Server.Fail(ApiFault.Hold(
            call =>
            {
                if (call.Verb != verb || call.Resource != resource || Interlocked.Increment(ref seen) != occurrence)
                {
                    return false;
                }

                kill.Cancel();
                return true;
            },
            Task.Delay(Timeout.Infinite, BumpBench.Token)));
        await Should.ThrowAsync<OperationCanceledException>(() => bench.Bumps.RunAsync(Bump, run: Run, cancellationToken: kill.Token));
    }
}
