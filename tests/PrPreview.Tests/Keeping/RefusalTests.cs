using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>Who gets no preview, or waits for one.</summary>
public sealed class RefusalTests
{
    private const string Name = "shop-pr-7";

    [Fact]
    public async Task Branch_IsNoPreview_IsIgnored()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        bench.Change(pull, one => one.SourceBranch = "feature/x");
        (await bench.ReportOfAsync(await bench.SendAsync(pull))).Outcome.ShouldBe(PreviewOutcome.Ignored);
        bench.Comment().ShouldBeNull();
    }

    [Theory]
    [InlineData("preview/Shop/x")]
    [InlineData("preview/shop")]
    [InlineData("preview/$(id)/x")]
    public async Task Branch_ApplicationIsNoName_IsToldWhatWouldBe(string branch)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        bench.Change(pull, one => one.SourceBranch = branch);
        (await bench.ReportOfAsync(await bench.SendAsync(pull))).Outcome.ShouldBe(PreviewOutcome.Refused);
        bench.Comment()!.ShouldContain("branch");
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("acme/other", false)]
    [InlineData("acme/shop-other,acme-/*", false)]
    [InlineData("other/*,ACME/Shop", true)]
    [InlineData("acme/*", true)]
    public async Task Repository_IsNotConfigured_HasNoneHoweverItIsAskedFor(string repositories, bool has)
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("Repositories", repositories));
        var pull = bench.Open();
        // Whoever has a hook's secret may claim another name; the host's own word counts.
        var said = bench.EventOf(pull, PullRequestAction.Opened) with { Repository = new GitRepository { Id = PreviewBench.RepositoryId, FullName = "acme/shop" } };

        var report = await bench.ReportOfAsync(await bench.SendAsync(said));

        report.Outcome.ShouldBe(has ? PreviewOutcome.Ready : PreviewOutcome.Ignored);
        if (!has)
        {
            var asked = await bench.EndOfAsync(await bench.AskAsync(Creation));
            (asked.State, asked.Error!.Message.Contains("PrPreview:Repositories", StringComparison.Ordinal)).ShouldBe((RunState.Failed, true));
            bench.Comment().ShouldBeNull();
            bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Repository_IsNoLongerConfigured_ItsPreviewGoes()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        await bench.StopWorkerAsync();
        bench.Set("Repositories", "acme/other");
        await bench.StartWorkerAsync();

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Refused);

        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Commit_IsNotSaidForAWhile_ThePreviewStays()
    {
        await using var bench = await PreviewBench.StartAsync(canAsk: false);
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        var without = bench.EventOf(pull, PullRequestAction.Edited) with { HeadSha = null, UpdatedAt = pull.UpdatedAt + TimeSpan.FromSeconds(1) };

        var report = await bench.ReportOfAsync(await bench.SendAsync(without));

        report.Outcome.ShouldBe(PreviewOutcome.Unchanged);
        report.Cause!.ShouldContain("the full name of the newest commit");
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Ready);
        bench.IsGone(Name).ShouldBeFalse();

        var closed = without with { State = PullRequestState.Closed, UpdatedAt = pull.UpdatedAt + TimeSpan.FromSeconds(2) };
        (await bench.ReportOfAsync(await bench.SendAsync(closed))).Outcome.ShouldBe(PreviewOutcome.Removed);
    }

    [Fact]
    public async Task OtherRepository_ClaimsTheSame_IsRefusedAndChangesNothing()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        var other = bench.Git.Add("43", "acme/other");
        lock (bench.Git.Gate)
        {
            other.Open(7, "preview/shop/y", Sample.Sha);
        }

        bench.Api.ForgetCalls();
        var claim = Sample.Event(repositoryId: "43", repository: "acme/other", branch: "preview/shop/y");

        (await bench.ReportOfAsync(await bench.SendAsync(claim))).Outcome.ShouldBe(PreviewOutcome.Refused);

        other.Comments.ShouldHaveSingleItem().Body.ShouldContain("another repository has the preview");
        other.Comments[0].Body.ShouldNotContain("acme/shop");
        lock (bench.Git.Gate)
        {
            other.Pulls[7].State = "closed";
        }

        (await bench.ReportOfAsync(await bench.SendAsync(claim with { State = PullRequestState.Closed }))).Outcome.ShouldBe(PreviewOutcome.Unchanged);
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Limit_Reached_WaitsWithANoticeAndMovesUp()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("MaxPerRepository", "1"));
        var first = bench.Open(7);
        await bench.ReportOfAsync(await bench.SendAsync(first));
        var second = await bench.SendAsync(bench.Open(8));
        await bench.UntilAsync("shop-pr-8", one => one.State is PreviewState.WaitingForPlace);
        bench.IsGone("shop-pr-8").ShouldBeTrue();

        bench.Change(first, one => one.State = "closed");
        await bench.SendAsync(first, PullRequestAction.Closed);

        (await bench.ReportOfAsync(second)).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task Limit_ClosedWhileWaiting_LeavesTheLine()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("MaxTotal", "1"));
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open(7)));
        var waiting = bench.Open(8);
        await bench.SendAsync(waiting);
        await bench.UntilAsync("shop-pr-8", one => one.State is PreviewState.WaitingForPlace);
        bench.Change(waiting, one => one.State = "closed");

        (await bench.ReportOfAsync(await bench.SendAsync(waiting, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);

        (await bench.Storage.Documents.GetAsync("preview-places", TestContext.Current.CancellationToken))!.Value.ShouldNotContain("shop-pr-8");
    }

    [Fact]
    public async Task ByHand_Removed_StaysAwayUntilAPush()
    {
        const string newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));

        (await bench.ReportOfAsync(await bench.AskAsync(Removal))).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.IsGone(Name).ShouldBeTrue();
        bench.Comment()!.ShouldContain("removed by hand");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Asleep);
        bench.Push("shop", newer);
        bench.Change(pull, one => one.Head = newer);
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Pushed))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task ByHand_Created_ComesBackWithoutAPush()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        await bench.ReportOfAsync(await bench.AskAsync(Removal));

        (await bench.ReportOfAsync(await bench.AskAsync(Creation))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task ByHand_PullRequestIsClosed_FailsAndSaysSo()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        bench.Change(pull, one => one.State = "merged");
        var ended = await bench.EndOfAsync(await bench.AskAsync(Creation));
        (ended.State, ended.Error!.Message.Contains("Merged")).ShouldBe((RunState.Failed, true));
    }

    [Fact]
    public async Task ByHand_RemovesSomethingUnknown_Fails()
    {
        await using var bench = await PreviewBench.StartAsync();
        (await bench.EndOfAsync(await bench.AskAsync(Removal))).State.ShouldBe(RunState.Failed);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"action":"remove","app":"UPPER","number":1}""")]
    public async Task Message_CannotBeRead_IsPoisoned(string body)
    {
        await using var bench = await PreviewBench.StartAsync();
        foreach (var queue in new[] { Contracts.Queues.Previews, Contracts.Queues.PullRequests })
        {
            var accepted = await bench.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = queue, Body = body }, TestContext.Current.CancellationToken);
            (await bench.EndOfAsync(accepted.RunId)).State.ShouldBe(RunState.Poisoned);
        }
    }

    private static PreviewRequest Removal => new() { Action = PreviewAction.Remove, App = AppName.Parse("shop"), Number = 7 };

    private static PreviewRequest Creation => new()
    {
        Host = GitHostKind.Gitea,
        Repository = new GitRepository { Id = PreviewBench.RepositoryId, FullName = "acme/shop" },
        Number = 7,
    };
}
