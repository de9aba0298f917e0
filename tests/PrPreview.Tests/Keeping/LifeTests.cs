using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Git;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>The life of a preview, from opening to removal.</summary>
public sealed class LifeTests
{
    private const string Name = "shop-pr-7";
    private const string Newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";

    [Fact]
    public async Task Opened_ImageIsThere_BringsItUpAndTellsThePullRequest()
    {
        await using var bench = await PreviewBench.StartAsync();
        var report = await bench.ReportOfAsync(await bench.SendAsync(bench.Open(values: "logLevel: debug\nreplicaCount: 9\n")));

        report.Outcome.ShouldBe(PreviewOutcome.Ready);
        (report.Name, report.HeadSha, report.Verified, report.Untold).ShouldBe((Name, CommitSha.Parse(Sample.Sha), true, null));
        report.Url.ShouldBe(new Uri("https://shop-pr-7.preview.example.com"));
        report.LeftOut.ShouldBe(["replicaCount"]);
        bench.Values(Name)["logLevel"]!.GetValue<string>().ShouldBe("debug");
        bench.Values(Name)["replicaCount"]!.GetValue<int>().ShouldBe(1);
        bench.Comment()!.ShouldContain("**Preview: ready**");
        bench.Comment()!.ShouldContain("`replicaCount`");
        bench.Repository.Statuses[^1].ShouldBe(new GitStatus(null, Sample.Sha, "success", "ebb/preview", "Preview: ready", "https://shop-pr-7.preview.example.com/"));
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Ready);
    }

    [Fact]
    public async Task Opened_Objects_AreWrittenOnceEachInAnOrderThatProtects()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));

        bench.Api.Writes.Where(call => call.User == "pr-preview").Select(call => $"{call.Resource} {call.Name}").ShouldBe(
        [
            "namespaces shop-pr-7", "resourcequotas preview", "limitranges preview", "networkpolicies.networking.k8s.io preview-default-deny",
            "networkpolicies.networking.k8s.io preview-dns", "networkpolicies.networking.k8s.io preview-ingress", "secrets preview-pull",
            "applications.argoproj.io shop-pr-7",
        ]);
    }

    [Fact]
    public async Task Repeated_NothingChanged_WritesNothingAnywhere()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Api.ForgetCalls();
        bench.Git.Requests.Clear();

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Ready);

        bench.Api.Calls.Where(call => call.User == "pr-preview").ShouldAllBe(call => call.Verb == "get" || call.Verb == "list");
        bench.Git.Requests.ShouldAllBe(request => request.StartsWith("GET "));
    }

    [Fact]
    public async Task Changed_BySomebody_IsPutRightWithOneWrite()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Cluster.Change("networkpolicies", Name, "preview-default-deny", item => item["spec"]!["policyTypes"] = new JsonArray("Ingress"));
        bench.Api.ForgetCalls();

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldHaveSingleItem().Name.ShouldBe("preview-default-deny");
    }

    [Fact]
    public async Task Pushed_NewCommit_UpdatesItAndEditsTheOneComment()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Push("shop", Newer);
        bench.Change(pull, one => one.Head = Newer);

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Pushed))).HeadSha.ShouldBe(CommitSha.Parse(Newer));

        bench.Values(Name)["image"]!["tag"]!.GetValue<string>().ShouldBe(Newer);
        bench.Comment()!.ShouldContain(Newer);
        bench.Repository.Comments.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("merged")]
    public async Task Closed_Preview_LeavesNothingBehind(string state)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Change(pull, one => one.State = state);

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);

        bench.IsGone(Name).ShouldBeTrue();
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Removed);
        bench.Comment()!.ShouldContain("**Preview: removed**");
    }

    [Fact]
    public async Task Closed_NeverHadAPreview_IsNotCommented()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);

        bench.Comment().ShouldBeNull();
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();
    }

    [Fact]
    public async Task Reopened_AfterRemoval_ComesBack()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        bench.Change(pull, one => one.State = "closed");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));
        bench.Change(pull, one => one.State = "open");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Reopened))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task LateEvent_PullRequestIsClosed_DoesNotBringItBack()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        var late = bench.EventOf(pull, PullRequestAction.Opened);
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Change(pull, one => one.State = "closed");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (await bench.ReportOfAsync(await bench.SendAsync(late))).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task LateEvent_HostCannotBeAsked_TheNewestWordCounts()
    {
        await using var bench = await PreviewBench.StartAsync(canAsk: false);
        var pull = bench.Open();
        var late = bench.EventOf(pull, PullRequestAction.Opened);
        var opened = await bench.ReportOfAsync(await bench.SendAsync(pull));
        (opened.Outcome, opened.Verified).ShouldBe((PreviewOutcome.Ready, false));
        opened.Untold!.ShouldContain("Git:Hosts");
        bench.Change(pull, one => one.State = "closed");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (await bench.ReportOfAsync(await bench.SendAsync(late))).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Close_WhileItWaitsForTheImage_EndsTheWaitAndWins()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open(pushed: false);
        var waiting = await bench.SendAsync(pull);
        (await bench.UntilAsync(Name, one => one.State is PreviewState.WaitingForImage)).Cause!.ShouldContain(Sample.Sha);
        bench.Change(pull, one => one.State = "closed");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (await bench.EndOfAsync(waiting)).State.ShouldBeOneOf(RunState.Superseded, RunState.Succeeded);
        bench.Push("shop", Sample.Sha);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Close_WhileObjectsAreWritten_NothingEverRuns()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        var gate = new TaskCompletionSource();
        bench.Api.Fail(TestServers.Kubernetes.ApiFault.Hold(call => call.Resource == "secrets" && call.Verb == "patch", gate.Task));
        var creating = await bench.SendAsync(pull);
        await bench.Cluster.UntilAsync("networkpolicies", Name, "preview-ingress", item => item is not null, TestContext.Current.CancellationToken);
        bench.Change(pull, one => one.State = "closed");
        gate.SetResult();

        (await bench.ReportOfAsync(creating)).Outcome.ShouldBe(PreviewOutcome.Removed);

        bench.Api.Writes.ShouldNotContain(call => call.Resource == "applications.argoproj.io" && call.Verb == "patch");
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Close_WhileArgoSyncs_EndsTheSyncFirst()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Syncing;
        var pull = bench.Open();
        await bench.SendAsync(pull);
        await bench.Cluster.UntilAsync(
            "applications", "argocd", Name, item => item?["status"]?["operationState"]?["phase"]?.GetValue<string>() == "Running", TestContext.Current.CancellationToken);
        bench.Change(pull, one => one.State = "closed");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        bench.IsGone(Name).ShouldBeTrue();
        bench.Api.Writes.Where(call => call.User == "pr-preview" && call.Resource == "applications.argoproj.io").Select(call => call.Verb).ShouldContain("delete");
    }

    [Fact]
    public async Task Renamed_Branch_TheOldPreviewGoes()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Push("cart", Sample.Sha);
        bench.Change(pull, one => one.SourceBranch = "preview/cart/x");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Name.ShouldBe("cart-pr-7");

        bench.IsGone(Name).ShouldBeTrue();
        bench.IsGone("cart-pr-7").ShouldBeFalse();
    }

    [Fact]
    public async Task Image_ComesLater_TheSameRunGoesOn()
    {
        await using var bench = await PreviewBench.StartAsync();
        var run = await bench.SendAsync(bench.Open(pushed: false));
        await bench.UntilAsync(Name, one => one.State is PreviewState.WaitingForImage);
        (await bench.Storage.Runs.GetAsync(run, TestContext.Current.CancellationToken))!.State.ShouldBeOneOf(RunState.Queued, RunState.Running);
        await bench.UntilCommentAsync("waiting for image");
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();

        bench.Push("shop", Sample.Sha);

        var ended = await bench.EndOfAsync(run);
        (ended.State, ended.Attempts.Count).ShouldBe((RunState.Succeeded, 1));
    }

    [Fact]
    public async Task Image_LooksForIt_AskTheHostOnlyBeforeSomethingIsDone()
    {
        await using var bench = await PreviewBench.StartAsync();
        var run = await bench.SendAsync(bench.Open(pushed: false));
        await bench.UntilAsync(Name, one => one.State is PreviewState.WaitingForImage);
        await UntilAsync(() => Looks(bench) > 3);
        var asked = bench.Git.Requests.Count;
        var looks = Looks(bench);
        await UntilAsync(() => Looks(bench) > looks + 3);

        bench.Git.Requests.Count.ShouldBe(asked);
        bench.Push("shop", Sample.Sha);
        await bench.ReportOfAsync(run);
    }

    [Fact]
    public async Task Image_NeverComes_FailsWithTheRealCauseAndGivesThePlaceUp()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("ImageTimeout", "00:00:01"));
        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open(pushed: false)));

        (ended.State, ended.Error!.Message).ShouldBe((RunState.Failed, ended.Error.Message));
        ended.Error.Message.ShouldContain("was not pushed within 00:00:01");
        bench.Comment()!.ShouldContain("**Preview: failed**");
        bench.Repository.Statuses[^1].State.ShouldBe("failure");
        (await bench.Storage.Documents.GetAsync("preview-places", TestContext.Current.CancellationToken))!.Value.ShouldNotContain(Name);
    }

    private static int Looks(PreviewBench bench) => bench.Registry.Requests.Count(request => request.Method == "HEAD");

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
