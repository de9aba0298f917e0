using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>What is asked for apart from webhooks.</summary>
public sealed class RequestTests
{
    private const string Name = "shop-pr-7";
    private const string Removal = """{"action":"remove","number":7,"app":"shop"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Removal, PreviewOutcome.Removed)]
    [InlineData("""{"action":"remove","number":7,"app":"shop","reason":"byHand"}""", PreviewOutcome.Removed)]
    [InlineData("""{"action":"remove","number":7,"app":"shop","reason":"closed"}""", PreviewOutcome.Unchanged)]
    [InlineData("""{"action":"create","number":7,"host":"gitea","repository":{"id":"42","fullName":"acme/shop"}}""", PreviewOutcome.Ready)]
    public async Task Message_AsItWasWrittenBefore_IsCarriedOut(string body, PreviewOutcome outcome)
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));

        (await bench.ReportOfAsync(await AskAsync(bench, body))).Outcome.ShouldBe(outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Remove_NobodyCanBeAsked_TakesTheWebhooksWordAndInventsNone(bool webhookIsKnown)
    {
        await using var bench = await PreviewBench.StartAsync(canAsk: false);
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        if (!webhookIsKnown)
        {
            foreach (var document in await bench.Storage.Documents.ListAsync("preview-pull-requests/", Token))
            {
                await bench.Storage.Documents.DeleteAsync(document.Key, expectedVersion: null, Token);
            }
        }

        var report = await bench.ReportOfAsync(await AskAsync(bench, Removal));

        (report.Outcome, report.Verified).ShouldBe((PreviewOutcome.Removed, false));
        bench.IsGone(Name).ShouldBeTrue();
        (await bench.FindAsync(Name))!.Removal.ShouldBe(RemovalReason.ByHand);
        var kept = (await bench.Storage.Documents.ListAsync("preview-pull-requests/", Token)).ShouldHaveSingleItem().Value;
        kept.Contains("newest", StringComparison.Ordinal).ShouldBe(webhookIsKnown);
        kept.ShouldNotContain("by-hand");
        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited))).Outcome.ShouldBe(PreviewOutcome.Asleep);
    }

    [Fact]
    public async Task Remove_OfAPreviewThatItsPullRequestNoLongerHas_LeavesTheOneThatItHas()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Push("cart", Sample.Sha);
        bench.Change(pull, one => one.SourceBranch = "preview/cart/x");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        var report = await bench.ReportOfAsync(await AskAsync(bench, Removal));

        report.Outcome.ShouldBe(PreviewOutcome.Unchanged);
        report.Cause!.ShouldContain("cart-pr-7");
        bench.IsGone("cart-pr-7").ShouldBeFalse();
        (await bench.FindAsync("cart-pr-7"))!.State.ShouldBe(PreviewState.Ready);
    }

    [Fact]
    public async Task Remove_BranchWasRenamedAndNobodySaidSo_RemovesWhatWasNamedOnly()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Push("cart", Sample.Sha);
        bench.Change(pull, one => one.SourceBranch = "preview/cart/x");

        await bench.ReportOfAsync(await AskAsync(bench, Removal));

        bench.IsGone(Name).ShouldBeTrue();
        (await bench.FindAsync("cart-pr-7"))!.State.ShouldBe(PreviewState.Ready);
    }

    [Fact]
    public async Task Remove_HostKnowsTheRepositoryNoLonger_ThePersonsWordCounts()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        bench.Repository.Visible = false;

        var report = await bench.ReportOfAsync(await AskAsync(bench, Removal));

        (report.Outcome, report.Verified).ShouldBe((PreviewOutcome.Removed, false));
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("closed")]
    public async Task Remove_HostKnowsTheRepositoryNoLonger_TheReapersWordDoesNot(string reason)
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        bench.Time.Move(TimeSpan.FromDays(30));
        bench.Repository.Visible = false;

        var run = await AskAsync(bench, $$"""{"action":"remove","number":7,"app":"shop","reason":"{{reason}}"}""");

        await bench.UntilRunAsync(run, one => one.Attempts.Any(attempt => attempt.Error is not null));
        bench.IsGone(Name).ShouldBeFalse();
        bench.Api.Writes.ShouldNotContain(call => call.Verb == "delete" && call.User == "pr-preview");
    }

    private static async Task<RunId> AskAsync(PreviewBench bench, string body) =>
        (await bench.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = Queues.Previews, Body = body }, Token)).RunId;
}
