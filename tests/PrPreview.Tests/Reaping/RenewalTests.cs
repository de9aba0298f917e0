using System.Text;
using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Git;
using Ebb.TestServers.Registry;

namespace Ebb.PrPreview.Tests.Reaping;

/// <summary>Robot accounts of previews to which nothing else happens.</summary>
public sealed class RenewalTests
{
    private const string Name = "shop-pr-7";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reap_PinnedLongerThanItsRobotLives_CanPullAtAnyTime()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        await PinnedAsync(bench);
        var made = new HashSet<long>();
        for (var day = 1; day <= 70; day++)
        {
            var report = await bench.ReapAsync(next: bench.Time.GetUtcNow() + Day);
            report.Removed.ShouldBeEmpty();
            if (report.Renewed.Count > 0)
            {
                var soon = bench.Time.GetUtcNow() + (2 * Day);
                await bench.UntilAsync(Name, one => one.Written!.Robot!.ExpiresAt > soon);
            }

            bench.Time.Move(Day);
            bench.Registry.Robots.Accepts(LoginOf(bench)).ShouldBeTrue($"on day {day}");
            made.Add(bench.Registry.Robots.All.ShouldHaveSingleItem().Id);
        }

        made.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(29.2, 1, true)]
    [InlineData(28.5, 1, false)]
    [InlineData(28.5, 0.05, false)]
    [InlineData(29.97, 0.05, true)]
    [InlineData(20, 20, true)]
    [InlineData(31, 0.05, true)]
    public async Task Reap_OnlyWhatExpiresBeforeTheNextLook_IsRenewed(double age, double next, bool renewed)
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        await PinnedAsync(bench);
        var first = bench.Registry.Robots.All.ShouldHaveSingleItem();
        bench.Time.Move(age * Day);

        (await bench.ReapAsync(bench.Time.GetUtcNow() + (next * Day))).Renewed.Count.ShouldBe(renewed ? 1 : 0);

        await SettledAsync(bench);
        (bench.Registry.Robots.All.ShouldHaveSingleItem().Id != first.Id).ShouldBe(renewed);
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Ready);
    }

    [Fact]
    public async Task Reap_HostIsSilent_RenewsAllTheSame()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        await PinnedAsync(bench);
        bench.Time.Move(29.5 * Day);
        bench.Git.Break(502);

        var report = await bench.ReapAsync();

        (report.Unknown.Count, report.Renewed.Count).ShouldBe((1, 1));
        await SettledAsync(bench);
        bench.Time.Move(Day);
        bench.Registry.Robots.Accepts(LoginOf(bench)).ShouldBeTrue();
    }

    [Fact]
    public async Task Reap_DryRun_RenewsNothing()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync(("ReapDryRun", "true"));
        await PinnedAsync(bench);
        var first = bench.Registry.Robots.All.ShouldHaveSingleItem();
        bench.Time.Move(29.5 * Day);

        (await bench.ReapAsync()).Renewed.ShouldHaveSingleItem().Name.ShouldBe(Name);

        await SettledAsync(bench);
        bench.Registry.Robots.All.ShouldHaveSingleItem().Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task Reap_IsOver_IsRemovedAndNotRenewed()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = await PinnedAsync(bench);
        bench.Time.Move(29.5 * Day);
        bench.Change(pull, one => one.State = "closed");

        var report = await bench.ReapAsync();

        (report.Removed.Count, report.Renewed.Count).ShouldBe((1, 0));
        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        bench.Registry.Robots.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Renew_AfterTheRemoval_MakesNoRobot()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = await PinnedAsync(bench);
        bench.Change(pull, one => one.State = "closed");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (await bench.ReportOfAsync(await RenewAsync(bench))).Outcome.ShouldBe(PreviewOutcome.Unchanged);

        bench.Registry.Robots.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Renew_HarborFailsInBetween_ThePodsCanPullInTheEnd()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        await PinnedAsync(bench);
        bench.Registry.With(Fault.Status("POST", "/robots", 502, times: 2));

        var ended = await bench.EndOfAsync(await RenewAsync(bench));

        (ended.State, ended.Attempts.Count > 1).ShouldBe((RunState.Succeeded, true));
        bench.Registry.Robots.Accepts(LoginOf(bench)).ShouldBeTrue();
    }

    [Fact]
    public async Task Renew_MayNotBe_FailsOnceWithTheRemedy()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        await PinnedAsync(bench);
        bench.WriteRobotPassword("no longer this one");

        var ended = await bench.EndOfAsync(await RenewAsync(bench));

        (ended.State, ended.Attempts.Count).ShouldBe((RunState.Failed, 1));
        ended.Error!.Message.ShouldContain("administers the project");
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Ready);
    }

    private static async Task<GitPull> PinnedAsync(PreviewBench bench)
    {
        var pull = bench.Open();
        (await bench.ReportOfAsync(await bench.SendAsync(pull))).Outcome.ShouldBe(PreviewOutcome.Ready);
        bench.Change(pull, one => one.Labels.Add("keep"));
        return pull;
    }

    private static Task<RunId> RenewAsync(PreviewBench bench) => bench.AskAsync(
        new PreviewRequest { Action = PreviewAction.Renew, App = AppName.Parse("shop"), Number = 7, ExpiringBefore = bench.Time.GetUtcNow() + TimeSpan.FromDays(31) });

    private static async Task SettledAsync(PreviewBench bench)
    {
        while (await bench.Storage.Queues.CountAsync(Contracts.Queues.Previews, Token) is not { Ready: 0, Running: 0, Waiting: 0 })
        {
            await Task.Delay(5, Token);
        }
    }

    private static (string, string) LoginOf(PreviewBench bench)
    {
        var secret = bench.Cluster.Get("secrets", Name, "preview-pull")["data"]![".dockerconfigjson"]!.GetValue<string>();
        var login = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(secret)))!["auths"]![bench.Registry.Host]!;
        return (login["username"]!.GetValue<string>(), login["password"]!.GetValue<string>());
    }
}
