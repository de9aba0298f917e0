using System.Text;
using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Registry;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>Previews that pull with a robot account of their own.</summary>
public sealed class RobotTests
{
    private const string Name = "shop-pr-7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opened_Preview_PullsWithARobotThatMayDoNothingElse()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync(("HarborRobot:Days", "14"));

        (await bench.ReportOfAsync(await bench.SendAsync(bench.Open()))).Outcome.ShouldBe(PreviewOutcome.Ready);

        var robot = bench.Registry.Robots.All.ShouldHaveSingleItem();
        (robot.FullName, robot.Duration).ShouldBe(("robot$acme+ebb-shop-pr-7", 14));
        JsonNode.DeepEquals(
            robot.Permissions, JsonNode.Parse("""[{"kind":"project","namespace":"acme","access":[{"resource":"repository","action":"pull"}]}]""")).ShouldBeTrue();
        robot.Description.ShouldContain(Name);
        LoginOf(bench).ShouldBe((robot.FullName, robot.Secret));
        bench.Values(Name)["imagePullSecrets"]![0]!["name"]!.GetValue<string>().ShouldBe("preview-pull");
    }

    [Fact]
    public async Task Repeated_NothingChanged_AsksHarborNothing()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        var before = bench.Registry.Requests.Count(IsOfRobots);

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        bench.Registry.Requests.Count(IsOfRobots).ShouldBe(before);
    }

    [Fact]
    public async Task Repeated_InTheSecondHalfOfItsLife_IsRenewed()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync(("HarborRobot:Days", "4"));
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        var first = bench.Registry.Robots.All.ShouldHaveSingleItem();
        bench.Time.Move(TimeSpan.FromDays(2.5));

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        var second = bench.Registry.Robots.All.ShouldHaveSingleItem();
        second.Id.ShouldNotBe(first.Id);
        LoginOf(bench).ShouldBe((second.FullName, second.Secret));
    }

    [Fact]
    public async Task Closed_Preview_TakesItsRobotAlongAndNoOther()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        for (var i = 0; i < 150; i++)
        {
            bench.Registry.Robots.Add("acme", $"ebb-other-pr-{i + 1}", "somebody else's");
        }

        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Registry.Robots.All.Count.ShouldBe(151);
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);

        bench.Registry.Robots.All.Count.ShouldBe(150);
        bench.Registry.Robots.All.ShouldNotContain(robot => robot.Name == "ebb-shop-pr-7");
    }

    [Fact]
    public async Task Create_BreaksBetweenRobotAndSecret_TheNextAttemptReplacesTheRobot()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        bench.Api.Fail(ApiFault.Answer(call => call.Resource == "secrets" && call.Verb == "patch", 500, "InternalError", times: 6));

        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));

        (ended.State, ended.Attempts.Count > 1).ShouldBe((RunState.Succeeded, true));
        var robot = bench.Registry.Robots.All.ShouldHaveSingleItem();
        LoginOf(bench).ShouldBe((robot.FullName, robot.Secret));
    }

    [Fact]
    public async Task Create_BreaksForGoodBetweenRobotAndSecret_CloseStillTakesTheRobot()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        bench.Api.Fail(ApiFault.Answer(call => call.Resource == "secrets" && call.Verb == "patch", 403, "Forbidden", times: int.MaxValue));
        var pull = bench.Open();
        (await bench.EndOfAsync(await bench.SendAsync(pull))).State.ShouldBe(RunState.Failed);
        bench.Registry.Robots.All.ShouldHaveSingleItem();
        bench.Change(pull, one => one.State = "closed");

        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        bench.Registry.Robots.All.ShouldBeEmpty();
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Fact]
    public async Task Create_AnswerIsLost_ThereIsOneRobotInTheEnd()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        bench.Registry.With(Fault.Instead("POST", "/robots", context =>
        {
            bench.Registry.Robots.Add("acme", "ebb-shop-pr-7", $"Ebb made this for the preview {Name} of the pull request gitea/42/7, and deletes it with it.");
            context.Abort();
            return Task.CompletedTask;
        }, times: 1));

        (await bench.ReportOfAsync(await bench.SendAsync(bench.Open()))).Outcome.ShouldBe(PreviewOutcome.Ready);

        var robot = bench.Registry.Robots.All.ShouldHaveSingleItem();
        LoginOf(bench).ShouldBe((robot.FullName, robot.Secret));
    }

    [Fact]
    public async Task Robot_OfSomebodyElse_IsLeftAndTheRunFails()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var theirs = bench.Registry.Robots.Add("acme", "ebb-shop-pr-7", "mine");
        var pull = bench.Open();
        (await bench.EndOfAsync(await bench.SendAsync(pull))).Error!.Message.ShouldContain("was not made for this pull request");
        bench.Change(pull, one => one.State = "closed");
        await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        bench.Registry.Robots.All.ShouldBe([theirs!]);
        bench.IsGone(Name).ShouldBeTrue();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    public async Task Harbor_DownDuringRemove_NothingIsClaimedUntilTheRobotIsGone(int status)
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(pull));
        bench.Registry.With(Fault.Status("*", "/api/v2.0/", status));
        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);
        await bench.UntilRunAsync(run, one => one.Attempts.Any(attempt => attempt.Error is not null));
        bench.Registry.Robots.All.ShouldHaveSingleItem();
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Removing);

        bench.Registry.Heal();

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.Registry.Robots.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HarborRobot:Username", "guest", "administers the project")]
    [InlineData("HarborRobot:Username", "nobody", "administers the project")]
    [InlineData("HarborRobot:Project", "nowhere", "Create the project in Harbor, or correct PrPreview:HarborRobot:Project.")]
    [InlineData("HarborRobot:PasswordFile", "/nowhere/password", "/nowhere/password")]
    public async Task Harbor_Refuses_NothingRunsAndTheCauseIsTold(string key, string value, string cause)
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync((key, value));
        if (value == "guest")
        {
            bench.WriteRobotPassword(bench.Registry.Robots.Guest.Password);
        }

        var ended = await bench.EndOfAsync(await bench.SendAsync(bench.Open()));

        ended.State.ShouldBe(RunState.Failed);
        ended.Attempts.Count.ShouldBe(1);
        ended.Error!.Message.ShouldContain(cause);
        bench.Api.Writes.ShouldNotContain(call => call.Resource == "applications.argoproj.io" && call.User == "pr-preview");
    }

    [Fact]
    public async Task Image_OfAProjectThatIsMissing_SaysWhichSettingNamesIt()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var other = bench.Git.Add("43", "nowhere/shop");
        lock (bench.Git.Gate)
        {
            other.Open(7, "preview/shop/x", Sample.Sha);
        }

        var ended = await bench.EndOfAsync(await bench.SendAsync(Sample.Event(repositoryId: "43", repository: "nowhere/shop")));

        ended.Error!.Message.ShouldContain($"the project 'nowhere' does not exist in Harbor at {bench.Registry.Host}");
        ended.Error.Message.ShouldContain("or correct PrPreview:Image.");
        ended.Error.Message.ShouldNotContain("ImageMirror");
    }

    [Fact]
    public async Task Secrets_OfRobotAndMaker_AreNowhereButWhereTheyBelong()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        bench.Registry.With(Fault.Status("DELETE", "/robots", 500, times: 6));
        var pull = bench.Open();
        var opened = await bench.EndOfAsync(await bench.SendAsync(pull));
        var secret = bench.Registry.Robots.All.ShouldHaveSingleItem().Secret;
        bench.Change(pull, one => one.State = "closed");
        var closed = await bench.EndOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        var said = string.Join('\n', bench.Logs.Lines) + bench.Comment() + Text(opened) + Text(closed)
            + string.Join('\n', (await bench.Storage.Documents.ListAsync("preview", Token)).Select(document => document.Value));
        said.ShouldContain("robot");
        foreach (var hidden in new[] { secret, bench.Registry.Robots.Admin.Password, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) })
        {
            said.ShouldNotContain(hidden);
        }

        static string Text(Run run) => $"{run.Result} {run.Progress} {run.Error?.Message} {string.Join(' ', run.Attempts.Select(attempt => attempt.Error?.Message))}";
    }

    private static bool IsOfRobots(RecordedRequest request) => request.Path.StartsWith("/api/", StringComparison.Ordinal);

    private static (string, string) LoginOf(PreviewBench bench)
    {
        var secret = bench.Cluster.Get("secrets", Name, "preview-pull");
        secret["type"]!.GetValue<string>().ShouldBe("kubernetes.io/dockerconfigjson");
        var login = JsonNode.Parse(Convert.FromBase64String(secret["data"]![".dockerconfigjson"]!.GetValue<string>()))!["auths"]![bench.Registry.Host]!;
        var (name, password) = (login["username"]!.GetValue<string>(), login["password"]!.GetValue<string>());
        Encoding.UTF8.GetString(Convert.FromBase64String(login["auth"]!.GetValue<string>())).ShouldBe($"{name}:{password}");
        return (name, password);
    }
}
