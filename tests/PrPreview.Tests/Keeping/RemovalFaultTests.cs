using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Kubernetes;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>What goes wrong while a preview is removed: nothing is left in the end, and nobody says so before.</summary>
public sealed class RemovalFaultTests
{
    private const string Name = "shop-pr-7";

    [Theory]
    [InlineData(409, "Conflict", "delete")]
    [InlineData(429, "TooManyRequests", "delete")]
    [InlineData(500, "InternalError", "delete")]
    [InlineData(502, "BadGateway", "delete")]
    [InlineData(429, "TooManyRequests", "get")]
    [InlineData(500, "InternalError", "get")]
    [InlineData(502, "BadGateway", "get")]
    public async Task ApiServer_FailsLongerThanOneRunWaits_NothingIsClaimedUntilAllIsGone(int code, string reason, string verb)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        var failing = true;
        bench.Api.Fail(ApiFault.Answer(
            call => Volatile.Read(ref failing) && call.User == "pr-preview" && call.Verb == verb, code, reason, times: int.MaxValue, retryAfter: code == 429 ? "1" : null));
        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);
        var failed = await bench.UntilRunAsync(run, one => one.Attempts.Any(attempt => attempt.Error is not null));

        failed.IsFinal.ShouldBeFalse();
        bench.Comment()!.ShouldNotContain("**Preview: removed**");
        (await bench.FindAsync(Name))!.State.ShouldNotBe(PreviewState.Removed);
        bench.IsGone(Name).ShouldBeFalse();

        Volatile.Write(ref failing, false);
        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        await NothingIsLeftAsync(bench);
    }

    [Theory]
    [InlineData(409, "Conflict")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(502, "BadGateway")]
    public async Task ApiServer_FailsBetweenTheSteps_TheSameAttemptRemovesAll(int code, string reason)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        List<ApiFault> faults = [];
        foreach (var resource in new[] { "applications.argoproj.io", "namespaces" })
        {
            faults.Add(bench.Api.Fail(ApiFault.Answer(
                call => call.User == "pr-preview" && call.Resource == resource && call.Verb == "delete", code, reason, times: 2, retryAfter: code == 429 ? "1" : null)));
        }

        bench.Change(pull, one => one.State = "closed");
        var ended = await bench.EndOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (ended.State, ended.Attempts.Count).ShouldBe((RunState.Succeeded, 1));
        faults.ShouldAllBe(fault => fault.Count == 2);
        await NothingIsLeftAsync(bench);
    }

    [Fact]
    public async Task ApiServer_Slow_IsWaitedFor()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        var held = bench.Api.Fail(ApiFault.Hold(
            call => call.User == "pr-preview" && call.Verb == "delete", Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken), times: 2));
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);

        held.Count.ShouldBe(2);
        await NothingIsLeftAsync(bench);
    }

    public static TheoryData<string, string, string> Rights { get; } = new()
    {
        { "delete", "applications.argoproj.io", "Give the service account the verb 'delete' on 'applications' of the API group 'argoproj.io' in a Role bound in the namespace argocd." },
        { "delete", "namespaces", "Give the service account the verb 'delete' on 'namespaces'" },
        { "get", "namespaces", "Give the service account the verb 'get' on 'namespaces'" },
    };

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task ApiServer_ForbidsTheRemoval_IsShownAsBlockedWithTheRemedyAndGoesOnByItself(string verb, string resource, string remedy)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        var allow = Forbid(bench, verb, resource);
        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);

        var blocked = await bench.UntilAsync(Name, one => one is { State: PreviewState.Removing, Cause: not null } && one.Cause.Contains("blocked"));
        blocked.Cause!.ShouldContain(remedy);
        await bench.UntilCommentAsync("**Preview: being removed**");
        await bench.UntilCommentAsync("blocked");
        (await bench.UntilRunAsync(run, one => one.Progress?.Contains("blocked") is true)).IsFinal.ShouldBeFalse();
        bench.IsGone(Name).ShouldBeFalse();

        allow();

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        await NothingIsLeftAsync(bench);
    }

    [Fact]
    public async Task ApiServer_ForbidsTheRemovalTooLong_TheRunFailsLoudlyAndTheReaperTakesItUp()
    {
        await using var bench = await PreviewBench.StartAsync(settings: ("RemoveTimeout", "00:00:02"));
        var pull = await bench.ReadyAsync();
        var allow = Forbid(bench, "delete", "namespaces");
        bench.Change(pull, one => one.State = "closed");

        var ended = await bench.EndOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed));

        (ended.State, ended.Error!.Message.Contains("the verb 'delete' on 'namespaces'")).ShouldBe((RunState.Failed, true));
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Removing);
        bench.Comment()!.ShouldContain("**Preview: being removed**");
        (await bench.ReapAsync()).Removed.ShouldHaveSingleItem().Why.ShouldContain("did not come to an end");
        allow();
        await bench.UntilAsync(Name, one => one.State is PreviewState.Removed);
        await NothingIsLeftAsync(bench);
    }

    [Fact]
    public async Task Harbor_RefusesTheMakerOfRobots_ThePreviewIsBeingRemovedUntilItsRobotIsGone()
    {
        await using var bench = await PreviewBench.StartWithRobotsAsync();
        var pull = await bench.ReadyAsync();
        bench.WriteRobotPassword("no longer this one");
        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);

        var blocked = await bench.UntilAsync(Name, one => one is { State: PreviewState.Removing, Cause: not null } && one.Cause.Contains("blocked"));
        blocked.Cause!.ShouldContain("administers the project");
        bench.WriteRobotPassword(bench.Registry.Robots.Admin.Password);

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        bench.Registry.Robots.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(0)]
    public async Task Host_Down_NothingIsDeletedAndTheSameRunGoesOnWhenItIsBack(int status)
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Change(pull, one => one.State = "closed");
        bench.Git.Break(status);
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);
        await bench.UntilRunAsync(run, one => one.Attempts.Any(attempt => attempt.Error is not null));
        bench.IsGone(Name).ShouldBeFalse();
        bench.Api.Writes.ShouldNotContain(call => call.Verb == "delete" && call.User == "pr-preview");

        bench.Git.Heal();

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        await NothingIsLeftAsync(bench);
    }

    [Fact]
    public async Task Host_GoesDownInTheMiddle_TheRemovalEndsAndIsCheckedAfterwards()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Cluster.EmptiesNamespaces = false;
        bench.Change(pull, one => one.State = "closed");
        var run = await bench.SendAsync(pull, PullRequestAction.Closed);
        await bench.UntilAsync(Name, one => one is { State: PreviewState.Removing, Cause: not null });
        bench.Git.Break(502);
        bench.Cluster.EmptiesNamespaces = true;
        await bench.UntilRunAsync(run, one => one.Attempts.Any(attempt => attempt.Error is not null));

        bench.Git.Heal();

        (await bench.ReportOfAsync(run)).Outcome.ShouldBe(PreviewOutcome.Removed);
        await bench.UntilCommentAsync("**Preview: removed**");
        await NothingIsLeftAsync(bench);
    }

    /// <summary>The right is missing until it is given.</summary>
    private static Action Forbid(PreviewBench bench, string verb, string resource)
    {
        var forbids = true;
        var words = $"{resource} is forbidden: User \"pr-preview\" cannot {verb} resource \"{resource}\"";
        bench.Api.Fail(ApiFault.Answer(
            call => Volatile.Read(ref forbids) && call.User == "pr-preview" && call.Verb == verb && call.Resource == resource, 403, "Forbidden", words, times: int.MaxValue));
        return () => Volatile.Write(ref forbids, false);
    }

    private static async Task NothingIsLeftAsync(PreviewBench bench)
    {
        var token = TestContext.Current.CancellationToken;
        bench.IsGone(Name).ShouldBeTrue();
        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Removed);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await bench.Storage.Documents.ListAsync("preview-locks/", token)).Count > 0)
        {
            // The run that the reaper asked for tells and writes before it lets go.
            await Task.Delay(10, limit.Token);
        }

        (await bench.Storage.Documents.GetAsync("preview-places", token))!.Value.ShouldNotContain(Name);
    }
}
