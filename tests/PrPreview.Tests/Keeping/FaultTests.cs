using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.Registry;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>What goes wrong around a preview, and what becomes of it.</summary>
public sealed partial class FaultTests
{
    private const string Name = "shop-pr-7";

    [Theory]
    [InlineData(409, "Conflict")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ApiServer_InTroubleForAWhile_PreviewComesUp(int code, string reason)
    {
        await using var bench = await PreviewBench.StartAsync();
        foreach (var resource in new[] { "namespaces", "networkpolicies.networking.k8s.io", "applications.argoproj.io" })
        {
            bench.Api.Fail(ApiFault.Answer(call => call.Resource == resource && call.Verb == "patch", code, reason, times: 2, retryAfter: code == 429 ? "1" : null));
        }

        (await bench.ReportOfAsync(await bench.SendAsync(bench.Open()))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task ApiServer_LosesAnswers_NothingIsLeftAndNothingIsDoubled()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Api.Fail(ApiFault.LoseAnswer(call => call.Verb == "patch" && call.User == "pr-preview", times: 3));
        bench.Api.Fail(ApiFault.LoseAnswer(call => call.Verb == "delete" && call.User == "pr-preview", times: 2));
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Change(pull, one => one.State = "closed");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task ApiServer_Slow_AnswersAreWaitedFor()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Api.Fail(ApiFault.Hold(call => call.Resource == "namespaces", Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken), times: 4));
        (await bench.ReportOfAsync(await bench.SendAsync(bench.Open()))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Theory]
    [InlineData(422, "Invalid")]
    [InlineData(403, "Forbidden")]
    public async Task ApiServer_RefusesAnObject_FailsOnceAndSaysWhy(int code, string reason)
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Api.Fail(ApiFault.Answer(call => call.Resource == "resourcequotas" && call.Verb == "patch", code, reason, "the quota is not to somebody's liking", times: int.MaxValue));

        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));

        (ended.State, ended.Attempts.Count).ShouldBe((RunState.Failed, 1));
        ended.Error!.Message.ShouldContain("the quota is not to somebody's liking");
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Failed);
        bench.Comment()!.ShouldContain("the quota is not to somebody's liking");
        bench.Api.Writes.ShouldNotContain(call => call.Resource == "applications.argoproj.io" && call.User == "pr-preview");
    }

    [Fact]
    public async Task ArgoCd_Absent_FailsWithTheCauseAndTheRestCanStillBeRemoved()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Cluster.Resources.Remove("applications");
        var pull = bench.Open();

        (await bench.EndOfAsync(await bench.SendAsync(pull))).Error!.Message.ShouldContain("applications.argoproj.io");

        bench.Change(pull, one => one.State = "closed");
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.Cluster.Find("namespaces", null, Name).ShouldBeNull();
    }

    [Theory]
    [InlineData(ArgoStage.ComparisonError, "ComparisonError: failed to render the chart")]
    [InlineData(ArgoStage.SyncFailed, "failed to render the chart")]
    public async Task ArgoCd_Fails_TheRealCauseIsToldWhileItGoesOn(ArgoStage stage, string cause)
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => stage;
        var run = await bench.SendAsync(bench.Open());
        await bench.UntilAsync(Name, one => one.State is PreviewState.Starting && one.Cause?.Contains(cause) is true);
        await bench.UntilCommentAsync(cause);

        bench.Argo.Stage = _ => ArgoStage.Healthy;
        bench.Argo.LookAgain();

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
        bench.Comment()!.ShouldNotContain(cause);
    }

    [Fact]
    public async Task ArgoCd_ProjectMissing_IsToldAndFailsInTime()
    {
        await using var bench = await PreviewBench.StartAsync(settings: [("StartTimeout", "00:00:01"), ("ArgoProject", "nowhere")]);
        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));
        ended.State.ShouldBe(RunState.Failed);
        ended.Error!.Message.ShouldContain("project nowhere which does not exist");
    }

    [Fact]
    public async Task Pods_CannotPull_IsTheCause()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        var run = await bench.SendAsync(bench.Open());
        await bench.UntilAsync(Name, one => one.State is PreviewState.Starting);
        bench.Create("pods", Name, "shop-1", ("spec", new System.Text.Json.Nodes.JsonObject
        {
            ["containers"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
            {
                ["name"] = "app",
                ["image"] = "x",
                ["resources"] = System.Text.Json.Nodes.JsonNode.Parse("""{"requests":{"cpu":"1m","memory":"1Mi"},"limits":{"cpu":"1m","memory":"1Mi"}}"""),
            }),
        }));
        bench.Cluster.ChangeStatus("pods", Name, "shop-1", status => status["containerStatuses"] = System.Text.Json.Nodes.JsonNode.Parse(
            """[{"name":"app","image":"x","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]"""));
        bench.Time.Move(TimeSpan.FromSeconds(30));

        (await bench.UntilAsync(Name, one => one.Cause is not null)).Cause!.ShouldContain("ImagePullBackOff");

        bench.Argo.Stage = _ => ArgoStage.Healthy;
        bench.Argo.LookAgain();
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task Quota_RefusesPods_IsTheCause()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("StartTimeout", "00:01:00"));
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        await bench.SendAsync(bench.Open());
        await bench.UntilAsync(Name, one => one.State is PreviewState.Starting);
        bench.Create("deployments", Name, "shop", ("spec", System.Text.Json.Nodes.JsonNode.Parse(
            """{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"app","image":"x"}]}}}""")!));
        bench.Cluster.ChangeStatus("deployments", Name, "shop", status => status["conditions"] = System.Text.Json.Nodes.JsonNode.Parse(
            """[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"shop-1\" is forbidden: exceeded quota: preview"}]"""));
        bench.Time.Move(TimeSpan.FromSeconds(30));
        (await bench.UntilAsync(Name, one => one.Cause is not null)).Cause!.ShouldContain("exceeded quota");
    }

    [Fact]
    public async Task Registry_Down_IsTriedAgain()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Registry.With(Fault.Status("HEAD", "/manifests/", 503, times: 6));
        (await bench.ReportOfAsync(await bench.SendAsync(bench.Open()))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task Registry_Denies_FailsAndSaysSo()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Registry.With(Fault.Status("HEAD", "/manifests/", 403, code: "DENIED"));
        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));
        ended.State.ShouldBe(RunState.Failed);
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Failed);
    }

    [Fact]
    public async Task Finalizer_Blocks_IsNamedAndTheRemovalGoesOnWhenItIsGone()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Create("configmaps", Name, "held");
        bench.Cluster.Change("configmaps", Name, "held", item => item["metadata"]!["finalizers"] = new System.Text.Json.Nodes.JsonArray("example.com/held"));
        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);

        (await bench.UntilAsync(Name, one => one is { State: PreviewState.Removing, Cause: not null } && one.Cause.Contains("namespaces"))).Cause!.ShouldContain("example.com/held");

        bench.Cluster.Change("configmaps", Name, "held", item => item["metadata"]!.AsObject().Remove("finalizers"));
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Finalizer_BlocksTooLong_TheRunFailsAndNamesIt()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("RemoveTimeout", "00:00:01"));
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Cluster.Delete("appprojects", "argocd", "previews");
        bench.Change(pull, one => one.State = "closed");

        var ended = await bench.EndOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        ended.State.ShouldBe(RunState.Failed);
        ended.Error!.Message.ShouldContain("resources-finalizer.argocd.argoproj.io");
        ended.Error.Message.ShouldContain("previews");
        bench.Cluster.Find("namespaces", null, Name).ShouldNotBeNull();
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Removing);
    }

    [Fact]
    public async Task Reopen_WhileTheOldOneIsStillGoing_WaitsAndComesUp()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Cluster.EmptiesNamespaces = false;
        bench.Change(pull, one => one.State = "closed");
        await bench.SendAsync(pull, PullRequestAction.Closed);
        await bench.UntilAsync(Name, one => one is { State: PreviewState.Removing, Cause: not null });
        bench.Change(pull, one => one.State = "open");
        var run = await bench.SendAsync(pull, PullRequestAction.Reopened);
        await bench.UntilAsync(Name, one => one.Cause?.Contains("still being removed") is true);

        bench.Cluster.EmptiesNamespaces = true;

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
        bench.Cluster.Get("namespaces", null, Name)["status"]!["phase"]!.GetValue<string>().ShouldBe("Active");
    }

    [Fact]
    public async Task Namespace_OfSomebodyElse_IsNeverTouched()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Create("namespaces", null, Name);
        var pull = bench.Open();
        (await bench.EndOfAsync(await bench.SendAsync(pull))).Error!.Message.ShouldContain("does not belong to this pull request");
        bench.Change(pull, one => one.State = "closed");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        bench.Cluster.Find("namespaces", null, Name).ShouldNotBeNull();
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();
    }

    [Fact]
    public async Task PullSecret_Missing_FailsBeforeAnythingRuns()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Cluster.Delete("secrets", "ebb", "preview-pull-source");
        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));
        ended.Error!.Message.ShouldContain("ebb/preview-pull-source");
        bench.Api.Writes.ShouldNotContain(call => call.Resource == "applications.argoproj.io" && call.User == "pr-preview");
    }

    [Fact]
    public async Task PullSecret_Rotated_IsCopiedAgain()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Cluster.Change("secrets", "ebb", "preview-pull-source", item => item["data"]![".dockerconfigjson"] = "eyJhdXRocyI6e319");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));
        bench.Cluster.Get("secrets", Name, "preview-pull")["data"]![".dockerconfigjson"]!.GetValue<string>().ShouldBe("eyJhdXRocyI6e319");
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n", "anchors")]
    [InlineData("- a\n", "not a list")]
    [InlineData("a: 1\na: 2\n", "twice")]
    [InlineData("a:\n\tb: 1\n", "no valid YAML")]
    [InlineData("\tlogLevel: debug\n", "line 1: a tab is in the indentation")]
    public async Task Values_CannotBeUsed_FailsWithTheLine(string values, string cause)
    {
        await using var bench = await PreviewBench.StartAsync();
        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open(values: values)));
        ended.State.ShouldBe(RunState.Failed);
        ended.Error!.Message.ShouldContain(cause);
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();
    }

    [Fact]
    public async Task Worker_StoppedInTheMiddle_TheNextOneGoesOn()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        var run = await bench.SendAsync(bench.Open());
        await bench.UntilAsync(Name, one => one.State is PreviewState.Starting);
        await bench.StopWorkerAsync();
        bench.Argo.Stage = _ => ArgoStage.Healthy;
        bench.Argo.LookAgain();
        await bench.StartWorkerAsync();
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
