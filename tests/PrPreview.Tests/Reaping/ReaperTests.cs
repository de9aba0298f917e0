using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Git;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.PrPreview.Tests.Reaping;

public sealed class ReaperTests
{
    private const string Name = "shop-pr-7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reap_CloseWasMissed_RemovesIt()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem().Why.ShouldContain("closed");

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Reap_HostSaysNothingReliable_KeepsEverythingHoweverOld(int status)
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReadyAsync();
        bench.Time.Move(TimeSpan.FromDays(30));
        bench.Git.FailNext(status, times: 50);

        var report = await bench.ReapAsync();

        report.Unknown.ShouldHaveSingleItem().Name.ShouldBe(Name);
        (report.Removed.Count, report.Warned.Count).ShouldBe((0, 0));
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(429)]
    public async Task Reap_HostIsSilent_KeepsEverythingAndAsksItNoFurther(int status)
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReadyAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open(8)));
        bench.Time.Move(TimeSpan.FromDays(30));
        bench.Git.Break(status);
        bench.Git.Requests.Clear();

        (await bench.ReapAsync()).Unknown.Select(line => line.Name).Order().ShouldBe([Name, "shop-pr-8"]);

        bench.Git.Requests.Select(request => request.Split(' ')[1]).Distinct().ShouldHaveSingleItem();
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Reap_WaitsForItsImageAndIsClosed_EndsTheWait()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open(pushed: false);
        var run = await bench.SendAsync(pull);
        await bench.UntilAsync(Name, one => one.State is PreviewState.WaitingForImage);
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem().Why.ShouldContain("closed");

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        (await bench.Storage.Documents.GetAsync("preview-places", Token))!.Value.ShouldNotContain(Name);
    }

    [Fact]
    public async Task Reap_StartsForEverAndIsClosed_LeavesNothing()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        var pull = bench.Open();
        var run = await bench.SendAsync(pull);
        await bench.UntilAsync(Name, one => one.State is PreviewState.Starting);
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem();

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Reap_RepositoryCannotBeSeenAnyMore_Keeps()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReadyAsync();
        bench.Repository.Visible = false;
        (await bench.ReapAsync()).Unknown.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Reap_Old_WarnsADayBeforeAndThenRemoves()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Time.Move(TimeSpan.FromDays(6.5));
        (await bench.ReapAsync()).Warned.ShouldHaveSingleItem();
        bench.Comment()!.ShouldContain("about to be removed");
        (await bench.ReapAsync()).Warned.ShouldBeEmpty();
        bench.Time.Move(TimeSpan.FromDays(1));

        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem();

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        await bench.UntilCommentAsync("push a commit to bring it back");
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Asleep);
    }

    [Fact]
    public async Task Reap_PushAfterTheWarning_Keeps()
    {
        const string newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Time.Move(TimeSpan.FromDays(6.5));
        await bench.ReapAsync();
        bench.Push("shop", newer);
        bench.Change(pull, one => one.Head = newer);
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Pushed));
        bench.Time.Move(TimeSpan.FromDays(2));

        var report = await bench.ReapAsync();

        (report.Removed.Count, report.Warned.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Reap_KeepLabel_KeepsWhileOpen()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Change(pull, one => one.Labels.Add("keep"));
        bench.Time.Move(TimeSpan.FromDays(100));
        var report = await bench.ReapAsync();
        (report.Removed.Count, report.Warned.Count).ShouldBe((0, 0));

        bench.Change(pull, one => one.State = "merged");
        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Reap_KeepLabelAfterItWasFoundOver_StillKeeps()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Time.Move(TimeSpan.FromDays(100));
        bench.Change(pull, one => one.Labels.Add("keep"));

        // The reaper's word, carried out after the label was set.
        var late = await bench.AskAsync(new PreviewRequest { Action = PreviewAction.Remove, App = AppName.Parse("shop"), Number = 7, Reason = RemovalReason.Expired });

        (await bench.ReportOfAsync(late)).Outcome.ShouldBe(PreviewOutcome.Unchanged);
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Reap_SaysClosedButItIsOpenAgain_Keeps()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReadyAsync();
        var late = await bench.AskAsync(new PreviewRequest { Action = PreviewAction.Remove, App = AppName.Parse("shop"), Number = 7, Reason = RemovalReason.Closed });
        (await bench.ReportOfAsync(late)).Outcome.ShouldBe(PreviewOutcome.Unchanged);
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Reap_ManyAreOver_AtMostSoManyAtATime()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("MaxRemovals", "2"));
        List<GitPull> pulls = [bench.Open(1), bench.Open(2), bench.Open(3)];
        foreach (var pull in pulls)
        {
            await bench.ReportOfAsync(await bench.SendAsync(pull));
            bench.Change(pull, one => one.State = "closed");
        }

        var report = await bench.ReapAsync();

        (report.Removed.Count, report.Deferred.Count).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Reap_DryRun_ChangesNothing()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("ReapDryRun", "true"));
        var pull = await bench.ReadyAsync();
        bench.Change(pull, one => one.State = "closed");

        var report = await bench.ReapAsync();

        report.DryRun.ShouldBeTrue();
        report.Removed.ShouldHaveSingleItem();
        (await bench.Storage.Queues.CountAsync(Contracts.Queues.Previews, Token)).ShouldSatisfyAllConditions(
            counts => counts.Ready.ShouldBe(0), counts => counts.Running.ShouldBe(0));
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Reap_NamespaceOfAnUnknownPreview_IsNamedAndLeft()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReadyAsync();
        await bench.Storage.Documents.DeleteAsync("previews/" + Name, expectedVersion: null, Token);
        (await bench.ReapAsync()).Strays.ShouldBe([Name]);
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Reap_RemovalThatDidNotEnd_IsTakenUpAgain()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("RemoveTimeout", "00:00:01"));
        var pull = await bench.ReadyAsync();
        bench.Cluster.EmptiesNamespaces = false;
        bench.Change(pull, one => one.State = "closed");
        (await bench.EndOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).State.ShouldBe(RunState.Failed);
        bench.Cluster.EmptiesNamespaces = true;

        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem().Why.ShouldContain("did not come to an end");

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
    }

    [Fact]
    public async Task Reap_RemovalsAreHeldUp_OthersGoAllTheSame()
    {
        await using var bench = await PreviewBench.StartAsync(settings: [("RemoveTimeout", "00:00:01"), ("MaxRemovals", "1")]);
        var held = await bench.ReadyAsync();
        bench.Create("configmaps", Name, "held");
        bench.Cluster.Change("configmaps", Name, "held", item => item["metadata"]!["finalizers"] = new System.Text.Json.Nodes.JsonArray("example.com/held"));
        bench.Change(held, one => one.State = "closed");
        (await bench.EndOfAsync(await bench.SendAsync(held, PullRequestAction.Closed))).State.ShouldBe(RunState.Failed);
        var other = bench.Open(8);
        await bench.ReportOfAsync(await bench.SendAsync(other));
        bench.Change(other, one => one.State = "closed");

        var report = await bench.ReapAsync();

        (report.Removed.Count, report.Deferred.Count).ShouldBe((2, 0));
        await bench.UntilAsync("shop-pr-8", one => one.State is PreviewState.Removed);
    }

    [Fact]
    public async Task Reap_PushWhoseWebhookWasLost_IsNotOver()
    {
        const string newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Time.Move(TimeSpan.FromDays(6.5));
        await bench.ReapAsync();
        bench.Time.Move(TimeSpan.FromDays(1));
        bench.Push("shop", newer);
        bench.Change(pull, one => one.Head = newer);

        await bench.ReapAsync();

        await bench.UntilAsync(Name, one => one.State is PreviewState.Ready && one.HeadSha.Value == newer);
        bench.Api.Writes.ShouldNotContain(call => call.Verb == "delete" && call.User == "pr-preview");
    }

    [Fact]
    public async Task Reap_SaysOverWhereNothingIsEverOver_Keeps()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("TimeToLive", "00:00:00"));
        await bench.ReadyAsync();
        bench.Time.Move(TimeSpan.FromDays(100));

        var late = await bench.AskAsync(new PreviewRequest { Action = PreviewAction.Remove, App = AppName.Parse("shop"), Number = 7, Reason = RemovalReason.Expired });

        (await bench.ReportOfAsync(late)).Outcome.ShouldBe(PreviewOutcome.Unchanged);
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Theory]
    [InlineData("feature/x", "closed")]
    [InlineData("preview/cart/x", "closed")]
    [InlineData("feature/x", "open")]
    public async Task Reap_BranchNamesItNoLongerAndThatIsForgotten_IsRemoved(string branch, string state)
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("WarnBefore", "00:00:00"));
        var pull = await bench.ReadyAsync();
        foreach (var document in await bench.Storage.Documents.ListAsync("preview-pull-requests/", Token))
        {
            await bench.Storage.Documents.DeleteAsync(document.Key, expectedVersion: null, Token);
        }

        bench.Change(pull, one => (one.SourceBranch, one.State) = (branch, state));
        bench.Time.Move(TimeSpan.FromDays(8));

        await bench.ReapAsync();
        await bench.ReapAsync();

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Reap_ForgetsAFormerPreview_TheOneThatThePullRequestHasIsStillRemovedWithItsBranch()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Push("cart", Sample.Sha);
        bench.Change(pull, one =>
        {
            one.SourceBranch = "preview/cart/x";
            one.Labels.Add("keep");
        });
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));
        bench.Time.Move(TimeSpan.FromDays(31));
        await bench.ReapAsync();
        (await bench.FindAsync(Name)).ShouldBeNull();
        bench.Change(pull, one => one.SourceBranch = "feature/x");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        bench.IsGone("cart-pr-7").ShouldBeTrue();
    }

    [Fact]
    public async Task Reap_LongRemoved_IsForgotten()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Change(pull, one => one.State = "closed");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));
        await bench.ReapAsync();
        (await bench.FindAsync(Name)).ShouldNotBeNull();
        bench.Time.Move(TimeSpan.FromDays(31));
        await bench.ReapAsync();
        (await bench.FindAsync(Name)).ShouldBeNull();
    }
}
