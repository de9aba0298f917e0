using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Changes;

public sealed class PolicyTests
{
    [Fact]
    public async Task Approval_SecondKey_IsNeededAndBringsIt()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:prd:Policy", "approval"));

        var asked = await bench.OneAsync(Bump("1.4.0", "prd"), by: "ci");
        var unapproved = bench.TagOf("shop", "prd");
        var itself = await bench.OneAsync(Approve("1.4.0"), by: "ci");
        var another = await bench.OneAsync(Approve("1.5.0"), by: "lead");
        var approved = await bench.OneAsync(Approve("1.4.0"), by: "lead");

        (asked.Action, unapproved).ShouldBe((ChangeAction.AwaitingApproval, "1.3.0"));
        (itself.Kind, another.Kind).ShouldBe((FailureKind.Forbidden, FailureKind.Conflict));
        (approved.Action, bench.TagOf("shop", "prd")).ShouldBe((ChangeAction.Updated, "1.4.0"));
        var known = await bench.KnownAsync("shop", "prd");
        known.Pending.ShouldBeNull();
        (known.Changes[0].By, known.Changes[0].ApprovedBy).ShouldBe(("ci", "lead"));
    }

    // Asked for by a version that called keys by their bare names: the same key is not a second one because it is called otherwise now.
    [Theory]
    [InlineData("ci", "key:host/ci")]
    [InlineData("ci", "key:function/SecretsApprove/ci")]
    [InlineData("master", "key:master")]
    public async Task Approval_OfAChangeStoredWithABareName_NeedsAKeyOfAnotherName(string asker, string same)
    {
        await using var bench = await StartAsync(("SecretBump:Environments:prd:Policy", "approval"));
        await bench.OneAsync(Bump("1.4.0", "prd"), by: asker);

        var itself = await bench.OneAsync(Approve("1.4.0"), by: same);
        var approved = await bench.OneAsync(Approve("1.4.0"), by: "key:host/lead");

        (itself.Kind, approved.Action).ShouldBe((FailureKind.Forbidden, ChangeAction.Updated));
    }

    [Fact]
    public async Task Approval_NameSpelledOtherwise_IsNeededAllTheSame()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:prd:Policy", "approval"));
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", "PRD"), ("METADATA_TAG", "1.3.0"));

        (await bench.OneAsync(Bump("1.4.0", "PRD"))).Action.ShouldBe(ChangeAction.AwaitingApproval);
    }

    [Fact]
    public async Task Approval_NothingWaits_Is404()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:prd:Policy", "approval"));

        (await bench.OneAsync(Approve("1.4.0"), by: "lead")).Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task Approval_Twice_IsOneVersion()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:prd:Policy", "approval"));
        await bench.OneAsync(Bump("1.4.0", "prd"));
        await bench.OneAsync(Approve("1.4.0"), by: "lead");

        (await bench.OneAsync(Approve("1.4.0"), by: "lead")).Action.ShouldBe(ChangeAction.Unchanged);
        bench.Vault.KeyValue().CurrentVersion(BumpBench.PathOf("shop", "prd")).ShouldBe(2);
    }

    [Fact]
    public async Task Order_LaterEnvironment_WaitsUntilTheTagHasRunBefore()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:staging:After", "dev"), ("SecretBump:Environments:prd:After", "staging"));

        var early = await bench.OneAsync(Bump("1.4.0", "prd"));
        var all = await bench.RunAsync(Bump("1.4.0", "prd", "dev", "staging"));

        (early.Fault, early.Kind).ShouldBe(("order", FailureKind.Conflict));
        all.Environments.Select(environment => (environment.Environment, environment.Action)).ShouldBe(
            [("dev", ChangeAction.Updated), ("staging", ChangeAction.Updated), ("prd", ChangeAction.Updated)]);
    }

    [Fact]
    public async Task Order_EarlierEnvironmentFails_LaterOnesAreSkipped()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:staging:After", "dev"), ("SecretBump:Environments:prd:After", "staging"));
        bench.Vault.KeyValue().Delete(BumpBench.PathOf("shop", "staging"));

        var report = await bench.RunAsync(Bump("1.4.0", "dev", "staging", "prd"));

        report.Environments.Select(environment => (environment.Environment, environment.Action)).ShouldBe(
            [("dev", ChangeAction.Updated), ("staging", ChangeAction.Failed), ("prd", ChangeAction.Skipped)]);
        bench.TagOf("shop", "prd").ShouldBe("1.3.0");
    }

    [Fact]
    public async Task Order_DryRun_AssumesThatEarlierOnesSucceed()
    {
        await using var bench = await StartAsync(("SecretBump:Environments:prd:After", "dev"));

        var report = await bench.RunAsync(Bump("1.4.0", "dev", "prd") with { DryRun = true });

        report.Environments.ShouldAllBe(environment => environment.Action == ChangeAction.WouldUpdate);
    }

    [Fact]
    public async Task Window_Closed_IsRefusedAndNamesTheHours()
    {
        // A window of one minute, half a day away from now.
        var from = TimeOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddHours(12);
        var window = $"Sun-Sat {from:HH:mm}-{from.AddMinutes(1):HH:mm}";
        await using var bench = await StartAsync(("SecretBump:Environments:prd:Window", window));

        var environment = await bench.OneAsync(Bump("1.4.0", "prd"));

        (environment.Fault, environment.Kind).ShouldBe(("window", FailureKind.Conflict));
        environment.Cause!.ShouldContain(window);
    }

    [Fact]
    public async Task Pin_LaterBump_IsRefusedUntilUnpinned()
    {
        await using var bench = await StartAsync();
        await bench.OneAsync(new PinRequest { Application = "shop", Environment = "dev", Reason = "audit" }, by: "lead");

        var refused = await bench.OneAsync(Bump("1.4.0", "dev"));
        var same = await bench.OneAsync(Bump("1.3.0", "dev"));
        await bench.OneAsync(new UnpinRequest { Application = "shop", Environment = "dev" }, by: "lead");
        var free = await bench.OneAsync(Bump("1.4.0", "dev"));

        (refused.Fault, refused.Kind, same.Action, free.Action).ShouldBe(("pinned", FailureKind.Conflict, ChangeAction.Unchanged, ChangeAction.Updated));
        refused.Cause!.ShouldContain("pinned to 1.3.0 by lead");
        refused.Cause!.ShouldContain("audit");
    }

    private static BumpRequest Bump(string tag, params string[] environments) => new() { Application = "shop", NewTag = tag, Environments = environments };

    private static ApproveRequest Approve(string tag) => new() { Application = "shop", Environment = "prd", NewTag = tag };

    private static async Task<BumpBench> StartAsync(params (string Key, string Value)[] settings)
    {
        var bench = await BumpBench.StartAsync(settings);
        foreach (var environment in new[] { "dev", "staging", "prd" })
        {
            bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", environment), ("METADATA_TAG", "1.3.0"));
        }

        return bench;
    }
}
