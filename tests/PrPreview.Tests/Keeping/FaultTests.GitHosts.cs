using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;

namespace Ebb.PrPreview.Tests.Keeping;

public sealed partial class FaultTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(0)]
    public async Task Host_DownDuringCreate_IsTriedAgainAndComesUp(int status)
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Git.Break(status);
        var run = await bench.SendAsync(bench.Open());
        await bench.UntilRunAsync(run, one => one.Attempts.Any(attempt => attempt.Error is not null));
        bench.Api.Writes.Where(call => call.User == "pr-preview").ShouldBeEmpty();

        bench.Git.Heal();

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Ready);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Host_SaysNothingReliableDuringRemove_NothingIsDeletedUntilItDoes(int status)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        var failing = true;
        for (var i = 0; i < 200; i++)
        {
            bench.Git.InterceptNext(context =>
            {
                context.Response.StatusCode = Volatile.Read(ref failing) ? status : 500;
                return Task.CompletedTask;
            }, "/pulls/");
        }

        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);
        await UntilAsync(async () => (await bench.Storage.Runs.GetAsync(run, TestContext.Current.CancellationToken))!.Attempts.Any(attempt => attempt.Error is not null));

        bench.IsGone(Name).ShouldBeFalse();
        bench.Api.Writes.ShouldNotContain(call => call.Verb == "delete" && call.User == "pr-preview");
    }

    [Fact]
    public async Task Host_CannotBeTold_ThePreviewGoesOnAndTheRunSaysSo()
    {
        await using var bench = await PreviewBench.StartAsync();
        for (var i = 0; i < 40; i++)
        {
            bench.Git.FailNext(403, pathPart: "/comments");
        }

        var report = await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));

        report.Outcome.ShouldBe(PreviewOutcome.Ready);
        report.Untold.ShouldNotBeNull();
        bench.Logs.Lines.ShouldContain(line => line.Contains("could not be told"));
        bench.Repository.Statuses[^1].State.ShouldBe("success");
    }

    [Theory]
    [InlineData("/comments", "success")]
    [InlineData("/statuses/", null)]
    public async Task Host_NeverAnswersWhatItIsTold_ThePreviewGoesOnWithoutAnotherAttempt(string path, string? status)
    {
        await using var bench = await PreviewBench.StartAsync(telling: TimeSpan.FromMilliseconds(500));
        var asked = 0;
        for (var i = 0; i < 200; i++)
        {
            bench.Git.InterceptNext(context =>
            {
                Interlocked.Increment(ref asked);
                return Task.Delay(Timeout.Infinite, context.RequestAborted);
            }, path);
        }

        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));

        ended.State.ShouldBe(RunState.Succeeded, ended.Error?.Message);
        ended.Attempts.ShouldAllBe(attempt => attempt.Error == null);
        ended.Result!.ShouldContain("gitea did not answer within 00:00:00.5");
        bench.Logs.Lines.ShouldContain(line => line.Contains("could not be told") && line.Contains("did not answer within"));
        Volatile.Read(ref asked).ShouldBeGreaterThan(0);
        bench.Repository.Statuses.LastOrDefault()?.State.ShouldBe(status);
        (bench.Comment()?.Contains("**Preview: ready**") is true).ShouldBe(status is null);
    }

    [Fact]
    public async Task Host_NeverAnswersWhileItIsClosed_EverythingIsRemovedAllTheSame()
    {
        await using var bench = await PreviewBench.StartAsync(telling: TimeSpan.FromMilliseconds(500));
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        for (var i = 0; i < 200; i++)
        {
            bench.Git.InterceptNext(context => Task.Delay(Timeout.Infinite, context.RequestAborted), "/comments");
        }

        bench.Change(pull, one => one.State = "closed");

        var report = await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (report.Outcome, report.Untold is null).ShouldBe((PreviewOutcome.Removed, false));
        bench.IsGone(Name).ShouldBeTrue();
    }
}
