using System.Text.Json.Nodes;
using Ebb.TestServers.Keda;
using Ebb.TestServers.Keda.Cluster;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>The simulated KEDA keeps to the contract: what it proves about the product is worth what these prove about it.</summary>
public sealed class SimulatedKedaTests
{
    private static readonly KedaTimings QuickAutoscaler = new() { AutoscalerPeriod = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task Check_AsksSpecThenMetricThenActivity_WithoutThePrefixAndWithAllMetadata()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        bench.StartKeda(bench.Slow("external"));
        await bench.SeeAsync(() => bench.Scaler.Count("IsActive") == 1);

        var calls = bench.Scaler.Calls;
        calls.Select(call => call["call"]!.GetValue<string>()).ShouldBe(["GetMetricSpec", "GetMetricSpec", "GetMetrics", "IsActive"]);
        calls[2]["metric"]!.GetValue<string>().ShouldBe("work");
        calls[3].ToJsonString().ShouldBe(new JsonObject
        {
            ["call"] = "IsActive",
            ["name"] = "sleeper-object",
            ["namespace"] = "team",
            ["metadata"] = new JsonObject { ["queues"] = "work", ["scalerAddress"] = bench.Scaler.Address },
        }.ToJsonString());
        bench.Scaler.Count("StreamIsActive").ShouldBe(0, "only external-push opens it");
    }

    [Fact]
    public async Task Check_ActiveThenNot_ScalesToOneAndBackToZero()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        bench.StartKeda(bench.Quick());
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = true });
        await bench.SeeAsync(() => bench.Deployment.Pods.Any(pod => pod.IsReady));
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = false });
        await bench.SeeAsync(() => bench.Deployment.Alive.Count == 0);

        bench.Log.ScalingOf("sleeper").ShouldBe(["0→1", "1→0"]);
    }

    [Fact]
    public async Task Check_WithinTheCooldown_KeepsThePods()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        bench.StartKeda(bench.Quick() with { CooldownPeriod = TimeSpan.FromHours(1) });
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = true });
        await bench.SeeAsync(() => bench.Deployment.Replicas == 1);
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = false });
        var checks = bench.Scaler.Count("IsActive");
        await bench.SeeAsync(() => bench.Scaler.Count("IsActive") > checks + 3);

        bench.Deployment.Replicas.ShouldBe(1);
    }

    [Fact]
    public async Task Check_Fails_KeepsTheReplicas()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync(SimulatedKedaBench.Sleeper with { Replicas = 2 });
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = true });
        bench.StartKeda(bench.Quick());
        await bench.SeeAsync(() => bench.Scaler.Count("IsActive") > 0);
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = false, ["fail"] = true });
        await bench.SeeAsync(DecisionKind.Error, "2 replicas stay");

        bench.Log.ScalingOf("sleeper").ShouldBe(["0→2"]);
        bench.Log.ToString().ShouldContain("told to fail: 100 % of it");
    }

    [Fact]
    public async Task Reconcile_NoMetricSpec_IsAnErrorAndTriedAgain()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        await bench.Scaler.TellAsync(new JsonObject { ["specs"] = 0 });
        bench.StartKeda(bench.Slow());
        await bench.SeeAsync(DecisionKind.Error, "no metric specs returned");
        await bench.Scaler.TellAsync(new JsonObject { ["specs"] = 1 });

        await bench.SeeAsync(() => bench.Scaler.Count("IsActive") == 1);
    }

    [Fact]
    public async Task Push_True_ScalesFromZeroAtOnce_AndFalseIsIgnored()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        bench.StartKeda(bench.Slow() with { MinReplicas = 0 });
        await bench.SeeAsync(() => bench.Scaler.Count("StreamIsActive") == 1 && bench.Scaler.Count("IsActive") == 1);
        await bench.Scaler.PushAsync(active: true);
        await bench.SeeAsync(() => bench.Deployment.Replicas == 1);
        await bench.Scaler.PushAsync(active: false);
        await bench.SeeAsync(DecisionKind.Push, "false: ignored");

        bench.Log.ScalingOf("sleeper").ShouldBe(["0→1"]);
    }

    [Fact]
    public async Task Push_BeforeTheMetricNamesAreKnown_IsDropped()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        await bench.Scaler.TellAsync(new JsonObject { ["hold"] = true });
        bench.StartKeda(bench.Slow());
        await bench.SeeAsync(() => bench.Scaler.Count("StreamIsActive") == 1);
        await bench.Scaler.PushAsync(active: true);
        await bench.SeeAsync(DecisionKind.Push, "dropped");
        bench.Deployment.Replicas.ShouldBe(0);

        await bench.Scaler.TellAsync(new JsonObject { ["release"] = true });
        await bench.SeeAsync(() => bench.Scaler.Count("IsActive") == 1);
        await bench.Scaler.PushAsync(active: true);
        await bench.SeeAsync(() => bench.Deployment.Replicas == 1);
    }

    [Fact]
    public async Task Push_WhileACheckWaitsForItsAnswer_WaitsToo()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        bench.StartKeda(bench.Slow() with { PollingInterval = TimeSpan.FromMilliseconds(50) });
        await bench.SeeAsync(() => bench.Scaler.Count("StreamIsActive") == 1 && bench.Scaler.Count("IsActive") > 0);
        await bench.Scaler.TellAsync(new JsonObject { ["hold"] = true });
        var checks = bench.Scaler.Count("GetMetricSpec");
        await bench.SeeAsync(() => bench.Scaler.Count("GetMetricSpec") > checks);
        await bench.Scaler.PushAsync(active: true);
        await bench.SeeAsync(DecisionKind.Push, "true");
        bench.Deployment.Replicas.ShouldBe(0);

        await bench.Scaler.TellAsync(new JsonObject { ["release"] = true });
        await bench.SeeAsync(() => bench.Deployment.Replicas == 1);
    }

    [Theory]
    [InlineData("end", "the stream ended with OK")]
    [InlineData("break", "broken off")]
    public async Task Stream_Ends_IsOpenedAgain(string how, string said)
    {
        await using var bench = await SimulatedKedaBench.CreateAsync(timings: new KedaTimings { FirstReconnect = TimeSpan.FromMilliseconds(20) });
        bench.StartKeda(bench.Slow());
        await bench.SeeAsync(() => bench.Scaler.Count("StreamIsActive") == 1);
        await bench.Scaler.TellAsync(new JsonObject { ["push"] = how });

        await bench.SeeAsync(() => bench.Scaler.Count("StreamIsActive") == 2);
        bench.Log.ToString().ShouldContain(said);
    }

    [Fact]
    public async Task Calls_WithTwoScalers_TakeTurns_AndGoOnWhenOneIsGone()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        await using var second = await ScalerStandIn.StartAsync();
        bench.StartKeda(bench.Quick(address: $"{bench.Scaler.Address},{second.Address}") with { CooldownPeriod = TimeSpan.FromHours(1) });
        await bench.SeeAsync(() => bench.Scaler.Calls.Count > 4 && second.Calls.Count > 4);
        await bench.Scaler.KillAsync();
        var before = second.Calls.Count;

        await bench.SeeAsync(() => second.Calls.Count > before + 6);
    }

    [Theory]
    [InlineData(23.0, 0, 5)]
    [InlineData(0.0, 12, 3)]
    [InlineData(1000.0, 0, 7)]
    public async Task Autoscaler_OverTheTarget_DividesAndRoundsUpWithinTheMaximum(double value, int intValue, int replicas)
    {
        await using var bench = await SimulatedKedaBench.CreateAsync(timings: QuickAutoscaler);
        await bench.Scaler.TellAsync(new JsonObject { ["active"] = true, ["value"] = value, ["intValue"] = intValue });
        bench.StartKeda(bench.Quick());

        await bench.SeeAsync(() => bench.Deployment.Replicas == replicas);
        await bench.Scaler.TellAsync(new JsonObject { ["value"] = 0.0, ["intValue"] = 0 });
        await bench.SeeAsync(() => bench.Deployment.Replicas == 1);
    }

    [Fact]
    public async Task Pod_Killed_IsStartedAgain()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync(SimulatedKedaBench.Sleeper with { Replicas = 1 });
        var pod = bench.Deployment.Pods.Single();
        await bench.SeeAsync(() => pod.ProcessId > 0);
        var first = pod.ProcessId;
        await pod.KillAsync();

        await bench.SeeAsync(() => pod.ProcessId > 0 && pod.ProcessId != first);
        bench.Log.ToString().ShouldContain("ended with code 137");
    }

    [Fact]
    public async Task Pod_DeafToSigterm_IsKilledAfterTheGracePeriod_AndItsOutputIsKept()
    {
        var template = new DeploymentTemplate
        {
            Name = "sleeper",
            Command = ["sh", "-c", "trap 'echo $WORD >&2' TERM; echo {pod} up; while :; do sleep 0.1; done"],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WORD"] = "deaf" },
            TerminationGracePeriod = TimeSpan.FromSeconds(1),
            Replicas = 1,
        };
        await using var bench = await SimulatedKedaBench.CreateAsync(template);
        var pod = bench.Deployment.Pods.Single();
        await bench.SeeAsync(() => File.Exists(pod.LogFile) && File.ReadAllText(pod.LogFile).Contains("up", StringComparison.Ordinal));
        bench.Deployment.Scale(0, "the test");
        await bench.SeeAsync(() => bench.Deployment.Alive.Count == 0);

        File.ReadAllText(pod.LogFile).ShouldBe($"{pod.Name} up\ndeaf\n");
        bench.Log.ToString().ShouldContain("gets SIGKILL");
    }

    [Fact]
    public async Task Keda_KilledAndStartedAgain_LeavesThePodsAlone_AndKnowsWhenTheyWereActive()
    {
        await using var bench = await SimulatedKedaBench.CreateAsync();
        bench.StartKeda(bench.Slow());
        await bench.SeeAsync(() => bench.Scaler.Count("StreamIsActive") == 1 && bench.Scaler.Count("IsActive") == 1);
        await bench.Scaler.PushAsync(active: true);
        await bench.SeeAsync(() => bench.Deployment.Pods.Any(pod => pod.IsReady));
        await bench.KillKedaAsync();
        bench.Deployment.Pods.Count(pod => pod.IsReady).ShouldBe(1);
        bench.StartKeda(bench.Slow() with { InitialCooldownPeriod = TimeSpan.Zero });
        await bench.SeeAsync(() => bench.Scaler.Count("IsActive") == 2 && bench.Scaler.Count("StreamIsActive") == 2);

        bench.Log.ScalingOf("sleeper").ShouldBe(["0→1"]);
    }
}
