using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Deciding;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Tests.Deciding;

public sealed class BumpDeciderTests
{
    private static readonly EnvironmentDocument Known = new() { Application = "shop", Environment = "prd" };

    private static readonly BumpQuestion Question = new()
    {
        Tag = "2",
        Stored = new StoredState("7", Deleted: false, "1"),
        Known = Known,
        Policy = EnvironmentPolicy.Open,
        Now = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void Decide_AnotherTag_IsWritten() => Of(Question).ShouldBeOfType<Verdict.Write>();

    [Fact]
    public void Decide_SameTagSeenHealthy_IsNothing() =>
        Of(Question with { Tag = "1", Known = Known with { HealthyVersion = "7" } }).ShouldBeOfType<Verdict.Nothing>();

    [Fact]
    public void Decide_SameTagNotSeenHealthy_IsFollowed() =>
        Of(Question with { Tag = "1", Known = Known with { HealthyVersion = "6" } }).ShouldBeOfType<Verdict.Follow>();

    [Fact]
    public void Decide_SameTagThatIsPinned_IsNoRefusal() =>
        Of(Question with { Tag = "1", Known = Known with { HealthyVersion = "7", Pin = new Pin("1", "a", default, null) } }).ShouldBeOfType<Verdict.Nothing>();

    [Theory]
    [InlineData(null, false, "unknown")]
    [InlineData("7", true, "deleted")]
    public void Decide_NothingToBump_IsRefused(string? version, bool deleted, string fault) =>
        Refused(Question with { Stored = new StoredState(version, deleted, null) }).ShouldBe(fault);

    [Fact]
    public void Decide_BuildThatWasApplied_IsOvertaken() =>
        Refused(Question with { Build = "b", Known = With(Made("2", "b"), Made("1", "c")) }).ShouldBe("overtaken");

    [Fact]
    public void Decide_SameTagOfAnotherBuild_IsWritten() =>
        Of(Question with { Build = "b2", Known = With(Made("1", "c"), Made("2", "b")) }).ShouldBeOfType<Verdict.Write>();

    [Fact]
    public void Decide_BuildThatWasRolledBackForItsPods_MayBeTriedAgain() =>
        Of(Question with { Build = "b", Known = With(Made("1", "b") with { Change = "rollback" }, Made("2", "b")) }).ShouldBeOfType<Verdict.Write>();

    [Fact]
    public void Decide_BuildThatPeopleRolledBack_IsOvertaken() =>
        Refused(Question with { Build = "b", Known = With(Made("1", null) with { Change = "rollback" }, Made("2", "b")) }).ShouldBe("overtaken");

    [Fact]
    public void Decide_BuildInTheStoresNotes_IsOvertakenThoughEbbForgotIt() =>
        Refused(Question with { Build = "b", Earlier = [Stored("3", new VersionNote { Tag = "2", Build = "b" })] }).ShouldBe("overtaken");

    [Fact]
    public void Decide_AnotherBuildInTheStoresNotes_IsWritten() =>
        Of(Question with { Build = "b2", Earlier = [Stored("3", new VersionNote { Tag = "2", Build = "b" })] }).ShouldBeOfType<Verdict.Write>();

    [Fact]
    public void Decide_TagOfAnEarlierVersionWithoutANote_IsNotWrittenSilently()
    {
        var question = Question with { Build = "b", Earlier = [Stored("3", note: null)] };

        Of(question).ShouldBeOfType<Verdict.Refuse>().Cause.ShouldBe(
            "2 was written already as version 3 at 1970-01-01 00:00:00Z, by whom and of which build is not recorded, and has been replaced since by 1 (version 7)");
        Of(question with { Build = null }).ShouldBeOfType<Verdict.Write>();
        Of(question with { Known = With(Made("2", "a") with { Version = "3" }) }).ShouldBeOfType<Verdict.Write>();
    }

    [Fact]
    public void Decide_Approval_IsAskedForOnceOnly()
    {
        var question = Question with { Policy = EnvironmentPolicy.Open with { Approval = true } };
        Of(question).ShouldBeOfType<Verdict.Ask>();
        Of(question with { Approved = true }).ShouldBeOfType<Verdict.Write>();
    }

    [Fact]
    public void Decide_ApprovedButPinned_IsRefused() =>
        Refused(Question with { Approved = true, Known = Known with { Pin = new Pin("1", "a", default, null) } }).ShouldBe("pinned");

    [Fact]
    public void Decide_After_NeedsTheTagToHaveRunThere()
    {
        var question = Question with { Policy = EnvironmentPolicy.Open with { After = "staging" } };
        var before = Known with { Environment = "staging", CurrentTag = "2", CurrentVersion = "3" };

        Refused(question).ShouldBe("order");
        Refused(question with { Before = before }).ShouldBe("order");
        Of(question with { Before = before with { HealthyVersion = "3" } }).ShouldBeOfType<Verdict.Write>();
        Of(question with { Before = before with { CurrentTag = "3", HealthyVersion = "4", Changes = [Made("2", null) with { Healthy = true }] } }).ShouldBeOfType<Verdict.Write>();
    }

    private static StoredVersion Stored(string id, VersionNote? note) => new(id, DateTimeOffset.UnixEpoch, VersionState.Readable, note);

    private static Verdict Of(BumpQuestion question) => BumpDecider.Decide(question);

    private static string Refused(BumpQuestion question) => Of(question).ShouldBeOfType<Verdict.Refuse>().Fault;

    private static EnvironmentDocument With(params MadeChange[] changes) => Known with { Changes = changes };

    private static MadeChange Made(string tag, string? build) => new() { Version = "5", Change = "bump", Tag = tag, Build = build, Run = "r", At = default };
}
