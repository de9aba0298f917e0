using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Git;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>A sync that fails: Argo CD tries it again for minutes under the phase Running, and takes no newer commit meanwhile.</summary>
public sealed class ArgoRetryTests
{
    private const string Name = "shop-pr-7";
    private const string Newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";

    [Fact]
    public async Task Retry_CauseMayPass_IsToldFromTheFirstOneOnAndTheRunGoesOn()
    {
        await using var bench = await StartAsync(_ => ArgoStage.Retrying, "one or more objects failed to apply", Result("Service", "the server is currently unable to handle the request"));
        var run = await bench.SendAsync(bench.Open());

        var waiting = await bench.UntilAsync(Name, one => one.Cause is not null);

        waiting.State.ShouldBe(PreviewState.Starting);
        waiting.Cause!.ShouldContain("Service shop: the server is currently unable to handle the request");
        waiting.Cause!.ShouldNotContain("attempt");
        await bench.UntilCommentAsync("the server is currently unable to handle the request");

        await StageAsync(bench, ArgoStage.TryingAgain);
        bench.Time.Move(TimeSpan.FromMinutes(1));
        await bench.UntilRunAsync(run, one => one.State is RunState.Queued && one.Progress?.Contains("currently unable") is true);
        (await bench.FindAsync(Name))!.Cause.ShouldBe(waiting.Cause);

        await StageAsync(bench, ArgoStage.Healthy);
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
        bench.Comment()!.ShouldNotContain("currently unable");
    }

    [Theory]
    [InlineData("one or more synchronization tasks are not valid: resource :Secret is not permitted in project previews", "", "not permitted in project previews")]
    [InlineData("one or more synchronization tasks are not valid", "resource :Secret is not permitted in project previews", "not permitted in project previews")]
    [InlineData("one or more synchronization tasks are not valid", "namespace kube-system is not permitted in project 'previews'", "not permitted in project")]
    [InlineData("one or more objects failed to apply (dry run)", "Service \"shop\" is invalid: spec.ports[0].port: Invalid value: 0", "spec.ports[0].port")]
    [InlineData("one or more objects failed to apply, reason: Deployment.apps \"shop\" is invalid: spec.selector: field is immutable", "", "field is immutable")]
    [InlineData("one or more objects failed to apply (dry run)", "error validating data: ValidationError(Service.spec): unknown field \"prots\"", "prots")]
    public async Task Retry_CauseCannotMendItself_FailsAtOnceAndSaysSo(string message, string result, string told)
    {
        await using var bench = await StartAsync(_ => ArgoStage.Retrying, message, result.Length == 0 ? [] : [Result("Service", result)]);

        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));

        (ended.State, ended.Error!.Message.Contains(told, StringComparison.Ordinal)).ShouldBe((RunState.Failed, true), ended.Error.Message);
        ended.Error.Message.ShouldNotContain("Retrying");
        var failed = (await bench.FindAsync(Name))!;
        (failed.State, failed.Cause!.Contains(told, StringComparison.Ordinal)).ShouldBe((PreviewState.Failed, true), failed.Cause);
        bench.Comment()!.ShouldContain(told);
        Status(bench, Sample.Sha).ShouldBe("failure");
    }

    [Theory]
    [InlineData("error validating data: failed to download openapi: the server is currently unable to handle the request")]
    [InlineData("admission webhook \"x.example.com\" denied the request: Image \"shop\" is invalid: no signature")]
    [InlineData("services is forbidden: exceeded quota: preview")]
    public async Task Retry_CauseThatOthersMayMend_IsWaitedFor(string result)
    {
        await using var bench = await StartAsync(_ => ArgoStage.Retrying, "one or more objects failed to apply (dry run)", Result("Service", result));
        await bench.SendAsync(bench.Open());
        (await bench.UntilAsync(Name, one => one.Cause is not null)).State.ShouldBe(PreviewState.Starting);
    }

    [Theory]
    [InlineData("Service \"shop\" is invalid: spec.ports: Required value")]
    [InlineData("the server is currently unable to handle the request")]
    public async Task Push_WhileAnOlderCommitIsTriedAgain_EndsThatAndComesUp(string result)
    {
        await using var bench = await StartAsync(
            one => IsAt(one, Newer) ? ArgoStage.Healthy : ArgoStage.Retrying, "one or more objects failed to apply (dry run)", Result("Service", result));
        var pull = bench.Open();
        await bench.SendAsync(pull);
        await bench.UntilAsync(Name, one => one.Cause?.Contains(result, StringComparison.Ordinal) is true);

        var report = await bench.ReportOfAsync(await PushAsync(bench, pull));

        (report.Outcome, report.HeadSha!.Value.Value).ShouldBe((PreviewOutcome.Ready, Newer));
        bench.Comment()!.ShouldNotContain(result);
        Status(bench, Newer).ShouldBe("success");
    }

    [Fact]
    public async Task Push_WhileAnOlderCommitIsTriedAgain_ItsCauseIsNotTheNewOnes()
    {
        await using var bench = await StartAsync(_ => ArgoStage.Retrying, "one or more objects failed to apply (dry run)", Result("Service", "Service \"shop\" is invalid: spec.ports: Required value"));
        var pull = bench.Open();
        await bench.EndOfAsync(await bench.SendAsync(pull));
        bench.Argo.IsPaused = true;

        var run = await PushAsync(bench, pull);

        var starting = await bench.UntilAsync(Name, one => one.State is PreviewState.Starting && one.HeadSha.Value == Newer);
        starting.Cause.ShouldBeNull();
        await bench.Cluster.UntilAsync("applications", "argocd", Name, item => Phase(item) == "Terminating", TestContext.Current.CancellationToken);
        bench.Argo.Stage = _ => ArgoStage.Healthy;
        bench.Argo.IsPaused = false;
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task Failed_ArgoGetsThereLater_TheReaperCorrectsItEverywhere()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("StartTimeout", "00:00:01"));
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        await bench.EndOfAsync(await bench.SendAsync(bench.Open()));
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Failed);
        (await bench.ReapAsync()).Recovered.ShouldBeEmpty();
        await StageAsync(bench, ArgoStage.Healthy);

        (await bench.ReapAsync()).Recovered.ShouldHaveSingleItem().Name.ShouldBe(Name);

        var ready = await bench.UntilAsync(Name, one => one.State is PreviewState.Ready);
        ready.Cause.ShouldBeNull();
        await bench.UntilCommentAsync("Preview: ready");
        Status(bench, Sample.Sha).ShouldBe("success");
    }

    [Fact]
    public async Task Failed_ArgoGetsThereLater_TheNextEventCorrectsIt()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("StartTimeout", "00:00:01"));
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        var pull = bench.Open();
        await bench.EndOfAsync(await bench.SendAsync(pull));
        await StageAsync(bench, ArgoStage.Healthy);

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Ready);
        Status(bench, Sample.Sha).ShouldBe("success");
    }

    private static async Task<PreviewBench> StartAsync(Func<JsonObject, ArgoStage> stage, string message, params JsonObject[] results)
    {
        var bench = await PreviewBench.StartAsync();
        (bench.Argo.Stage, bench.Argo.Message, bench.Argo.Results) = (stage, message, results);
        return bench;
    }

    private static async Task<RunId> PushAsync(PreviewBench bench, GitPull pull)
    {
        bench.Push("shop", Newer);
        bench.Change(pull, one => one.Head = Newer);
        return await bench.SendAsync(pull, PullRequestAction.Pushed);
    }

    private static async Task StageAsync(PreviewBench bench, ArgoStage stage)
    {
        bench.Argo.Stage = _ => stage;
        bench.Argo.LookAgain();
        await bench.Cluster.UntilAsync("applications", "argocd", Name, item => stage switch
        {
            ArgoStage.Healthy => item?["status"]?["health"]?["status"]?.GetValue<string>() == "Healthy",
            _ => item?["status"]?["operationState"]?["message"]?.GetValue<string>() == "Retrying operation. Attempt #2",
        }, TestContext.Current.CancellationToken);
    }

    private static string? Status(PreviewBench bench, string sha)
    {
        lock (bench.Git.Gate)
        {
            return bench.Repository.Statuses.LastOrDefault(status => status.Commit == sha)?.State;
        }
    }

    private static string? Phase(JsonObject? application) => application?["status"]?["operationState"]?["phase"]?.GetValue<string>();

    private static bool IsAt(JsonObject application, string sha) =>
        application["spec"]!["source"]!["helm"]!["values"]!.GetValue<string>().Contains(sha, StringComparison.Ordinal);

    private static JsonObject Result(string kind, string message) => new()
    {
        ["group"] = "",
        ["version"] = "v1",
        ["kind"] = kind,
        ["namespace"] = Name,
        ["name"] = "shop",
        ["status"] = "SyncFailed",
        ["message"] = message,
        ["syncPhase"] = "Sync",
    };
}
