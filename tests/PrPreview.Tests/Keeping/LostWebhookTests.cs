using Ebb.Contracts.Previews;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>A run waits, its pull request changes, and no webhook says so.</summary>
public sealed class LostWebhookTests
{
    private const string Name = "shop-pr-7";
    private const string Newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";

    private static readonly TimeSpan Due = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Closed_WhileItWaitsForTheImage_TheRunNoticesAndEnds()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open(pushed: false);
        var run = await bench.SendAsync(pull);
        await WaitsAsync(bench, run, "waiting for image");
        bench.Change(pull, one => one.State = "closed");

        bench.Time.Move(Due);

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Removed);
    }

    [Fact]
    public async Task Closed_WhileArgoBringsItUp_TheRunNoticesAndLeavesNothing()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        var pull = bench.Open();
        var run = await bench.SendAsync(pull);
        await WaitsAsync(bench, run, "starting");
        bench.Change(pull, one => one.State = "closed");

        bench.Time.Move(Due);

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Pushed_WhileItWaitsForTheImage_TheRunWaitsForTheNewerOne()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open(pushed: false);
        var run = await bench.SendAsync(pull);
        await WaitsAsync(bench, run, "waiting for image");
        bench.Change(pull, one => one.Head = Newer);
        bench.Time.Move(Due);
        await bench.UntilAsync(Name, one => one.HeadSha.Value == Newer);

        bench.Push("shop", Newer);

        (await bench.ReportOfAsync(run)).HeadSha!.Value.Value.ShouldBe(Newer);
    }

    [Fact]
    public async Task Host_DownWhenItIsAskedAgain_TheWaitGoesOn()
    {
        await using var bench = await PreviewBench.StartAsync();
        var run = await bench.SendAsync(bench.Open(pushed: false));
        await WaitsAsync(bench, run, "waiting for image");
        await bench.UntilCommentAsync("waiting for image");
        bench.Git.Break(403);
        bench.Time.Move(Due);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken))
        {
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (!bench.Logs.Lines.Any(line => line.Contains("could not be read while its preview waits")))
            {
                await Task.Delay(10, limit.Token);
            }
        }

        bench.Git.Heal();
        bench.Push("shop", Sample.Sha);

        var ended = await bench.EndOfAsync(run);
        (ended.State, ended.Attempts.Count).ShouldBe((RunState.Succeeded, 1));
    }

    /// <summary>Until the run's first attempt has ended with a wait.</summary>
    private static async Task WaitsAsync(PreviewBench bench, RunId run, string what) =>
        await bench.UntilRunAsync(run, one => one.State is RunState.Queued && one.Progress?.Contains(what, StringComparison.Ordinal) is true);
}
