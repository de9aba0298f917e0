using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Git;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>Pull requests from forks: a maintainer's label approves the commit that it was set on, and no later one.</summary>
public sealed class ForkTests
{
    private const string Name = "shop-pr-7";
    private const string Label = "preview-approved";
    private const string Newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Fork_NotAllowedOrNotApproved_HasNone(bool allowed, bool labelled)
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("AllowForks", allowed.ToString()));
        var pull = bench.Open();
        bench.Change(pull, one =>
        {
            one.SourceRepository = new GitRepositoryState("99", "mallory/shop");
            one.Labels.AddRange(labelled ? [Label] : ["preview-approved-not"]);
        });

        (await bench.ReportOfAsync(await bench.SendAsync(pull))).Outcome.ShouldBe(PreviewOutcome.Refused);

        bench.IsGone(Name).ShouldBeTrue();
        bench.Comment()!.ShouldContain("fork");
    }

    [Fact]
    public async Task Fork_Approved_HasOneWithoutAnySecret()
    {
        await using var bench = await StartAsync();
        await ApprovedAsync(bench);
        bench.Cluster.List("secrets", Name).ShouldBeEmpty();
        bench.Values(Name)["imagePullSecrets"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Fork_PushAfterTheApproval_HasNoneAndSaysHowToApproveIt()
    {
        await using var bench = await StartAsync();
        var pull = await ApprovedAsync(bench);

        var report = await bench.ReportOfAsync(await PushAsync(bench, pull));

        report.Outcome.ShouldBe(PreviewOutcome.Refused);
        bench.IsGone(Name).ShouldBeTrue();
        bench.Comment()!.ShouldSatisfyAllConditions(
            text => text.ShouldContain(Newer[..12]),
            text => text.ShouldContain($"take the label '{Label}' off"),
            text => text.ShouldContain("set it again"));
    }

    [Fact]
    public async Task Fork_PushAfterTheApprovalAndLabelSetAnew_HasOneOfThatCommit()
    {
        await using var bench = await StartAsync();
        var pull = await ApprovedAsync(bench);
        await bench.ReportOfAsync(await PushAsync(bench, pull));
        bench.Change(pull, one => one.Labels.Clear());
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Refused);
        bench.Comment()!.ShouldContain("a maintainer has to approve");
        bench.Change(pull, one => one.Labels.Add(Label));

        var report = await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        (report.Outcome, report.HeadSha!.Value.Value).ShouldBe((PreviewOutcome.Ready, Newer));
    }

    [Theory]
    [InlineData(PullRequestAction.Edited)]
    [InlineData(PullRequestAction.Reopened)]
    [InlineData(PullRequestAction.Pushed)]
    public async Task Fork_EventsOfItsAuthorAfterThePush_ApproveNothing(PullRequestAction action)
    {
        await using var bench = await StartAsync();
        var pull = await ApprovedAsync(bench);
        bench.Push("shop", Newer);
        // The push's own event is lost, or another one took its place in the queue.
        bench.Change(pull, one => one.Head = Newer);

        (await bench.ReportOfAsync(await bench.SendAsync(pull, action))).Outcome.ShouldBe(PreviewOutcome.Refused);
        (await bench.ReportOfAsync(await bench.SendAsync(pull, action))).Outcome.ShouldBe(PreviewOutcome.Refused);

        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Fork_EventNamesTheLabelThatItSet_ApprovesAtOnce()
    {
        await using var bench = await StartAsync();
        var pull = await ApprovedAsync(bench);
        await bench.ReportOfAsync(await PushAsync(bench, pull));
        // Taken off and set again at once: the queue keeps the newer one of two events that wait.
        var said = bench.EventOf(pull, PullRequestAction.Edited) with { LabelsAdded = [Label] };

        (await bench.ReportOfAsync(await bench.SendAsync(said))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Fact]
    public async Task Fork_PushBetweenTheLabelAndItsEvent_IsNotApproved()
    {
        await using var bench = await StartAsync();
        var pull = Open(bench);
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Change(pull, one => one.Labels.Add(Label));
        var said = bench.EventOf(pull, PullRequestAction.Edited) with { LabelsAdded = [Label] };
        bench.Push("shop", Newer);
        bench.Change(pull, one => one.Head = Newer);

        (await bench.ReportOfAsync(await bench.SendAsync(said))).Outcome.ShouldBe(PreviewOutcome.Refused);
    }

    [Fact]
    public async Task Fork_LabelWasThereBeforeAnybodyLooked_IsNotTakenForAnApproval()
    {
        await using var bench = await StartAsync();
        var pull = Open(bench);
        bench.Change(pull, one => one.Labels.Add(Label));
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Refused);
    }

    [Fact]
    public async Task Fork_SetBackToTheApprovedCommit_HasItsPreviewAgain()
    {
        await using var bench = await StartAsync();
        var pull = await ApprovedAsync(bench);
        await bench.ReportOfAsync(await PushAsync(bench, pull));
        bench.Change(pull, one => one.Head = Sample.Sha);
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Pushed))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fork_AskedForByHand_NeedsTheLabelAllTheSame(bool labelled)
    {
        await using var bench = await StartAsync();
        var pull = Open(bench);
        bench.Change(pull, one => one.Labels.AddRange(labelled ? [Label] : []));
        var request = new PreviewRequest { Host = GitHostKind.Gitea, Repository = new GitRepository { Id = PreviewBench.RepositoryId, FullName = "acme/shop" }, Number = 7 };
        (await bench.EndOfAsync(await bench.AskAsync(request))).State.ShouldBe(RunState.Failed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Fork_ApprovalTakenBack_ThePreviewGoes()
    {
        await using var bench = await StartAsync();
        var pull = await ApprovedAsync(bench);
        bench.Change(pull, one => one.Labels.Clear());

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Refused);

        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Fork_ApprovalTakenBackAndTheRemovalIsHeldUp_TheReaperEndsIt()
    {
        await using var bench = await StartAsync(("RemoveTimeout", "00:00:01"));
        var pull = await ApprovedAsync(bench);
        bench.Cluster.EmptiesNamespaces = false;
        bench.Change(pull, one => one.Labels.Clear());
        (await bench.EndOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).State.ShouldBe(RunState.Failed);
        bench.Cluster.EmptiesNamespaces = true;

        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem();

        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    private static Task<PreviewBench> StartAsync(params (string Key, string? Value)[] settings) => PreviewBench.StartAsync(settings: [("AllowForks", "true"), .. settings]);

    private static GitPull Open(PreviewBench bench)
    {
        var pull = bench.Open();
        bench.Change(pull, one => one.SourceRepository = null);
        return pull;
    }

    /// <summary>Opened, looked at, approved, ready.</summary>
    private static async Task<GitPull> ApprovedAsync(PreviewBench bench)
    {
        var pull = Open(bench);
        (await bench.ReportOfAsync(await bench.SendAsync(pull))).Outcome.ShouldBe(PreviewOutcome.Refused);
        bench.Change(pull, one => one.Labels.Add(Label));
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Ready);
        return pull;
    }

    private static async Task<RunId> PushAsync(PreviewBench bench, GitPull pull)
    {
        bench.Push("shop", Newer);
        bench.Change(pull, one => one.Head = Newer);
        return await bench.SendAsync(pull, PullRequestAction.Pushed);
    }
}
