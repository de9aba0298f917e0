using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Changes;

public sealed class BumpTests
{
    private static string Shop => BumpBench.PathOf("shop");

    [Fact]
    public async Task Bump_NewTag_IsWrittenAndSiblingsStayByteForByte()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, """{"B":"1.10","METADATA_TAG":"1.3.0","a":" 1.10\n","n":{"x":[1,"2.0"]},"ü":"é\u00e9 \"q\" </script>"}""");

        var report = await bench.BumpAsync("shop", "1.4.0");

        report.Outcome.ShouldBe(ChangeOutcome.Changed);
        var environment = report.Environments.ShouldHaveSingleItem();
        (environment.Action, environment.OldTag, environment.NewTag, environment.OldVersion, environment.NewVersion).ShouldBe((ChangeAction.Updated, "1.3.0", "1.4.0", "1", "2"));
        var (before, after) = (bench.Vault.KeyValue().Data(Shop, 1)!, bench.Vault.KeyValue().Data(Shop)!);
        ((string)after["METADATA_TAG"]!).ShouldBe("1.4.0");
        before.Remove("METADATA_TAG");
        after.Remove("METADATA_TAG");
        after.ToJsonString().ShouldBe(before.ToJsonString());
        environment.Steps.Select(step => step.Name).ShouldBe(["read", "write", "rollout"]);
    }

    [Fact]
    public async Task Bump_ServerWithoutPatch_IsWrittenAllTheSame()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().KnowsPatch = false;
        bench.Vault.KeyValue().Put(Shop, """{"METADATA_TAG":"1.3.0","a":"1.10"}""");

        await bench.BumpAsync("shop", "1.4.0");

        bench.Vault.KeyValue().Data(Shop)!.ToJsonString().ShouldBe("""{"METADATA_TAG":"1.4.0","a":"1.10"}""");
    }

    [Fact]
    public async Task Bump_SameTagAgain_CostsOneReadAndWritesNothing()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        await bench.BumpAsync("shop", "1.4.0");
        bench.Vault.Requests.Clear();

        var report = await bench.BumpAsync("shop", "1.4.0");

        report.Outcome.ShouldBe(ChangeOutcome.Unchanged);
        bench.Vault.Requests.ShouldBe([$"GET /v1/kvv2/data/{Shop}"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bump_OlderBuildAfterEbbsOwnStoreWasLost_DoesNotGoBackIn(bool noted)
    {
        await using var bench = await BumpBench.StartAsync(noted ? BumpBench.AllPolicies : [.. BumpBench.AllPolicies.Where(line => !line.Contains("metadata", StringComparison.Ordinal)), "read kvv2/metadata/*"]);
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        await bench.RunAsync(Of("1.4.0", "17"));
        await bench.RunAsync(Of("1.5.0", "18"));
        await bench.ForgetAsync("shop", "dev");

        var late = await bench.OneAsync(Of("1.4.0", "17"));

        (late.Action, late.Fault).ShouldBe((ChangeAction.Failed, "overtaken"));
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(3);
    }

    [Fact]
    public async Task Bump_NoEnvironments_TakesAllThatThereAre()
    {
        await using var bench = await BumpBench.StartAsync();
        foreach (var environment in new[] { "dev", "staging", "prd" })
        {
            bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", environment), ("METADATA_TAG", "1.3.0"));
        }

        var report = await bench.RunAsync(new BumpRequest { Application = "shop", NewTag = "1.4.0" });

        report.Environments.Select(environment => environment.Environment).ShouldBe(["dev", "prd", "staging"]);
        report.Environments.ShouldAllBe(environment => environment.Action == ChangeAction.Updated);
    }

    [Fact]
    public async Task Bump_DryRun_WritesNothing()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));

        var environment = await bench.OneAsync(new BumpRequest { Application = "shop", NewTag = "1.4.0", Environments = ["dev"], DryRun = true });

        (environment.Action, environment.OldTag, environment.NewTag).ShouldBe((ChangeAction.WouldUpdate, "1.3.0", "1.4.0"));
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(1);
    }

    [Fact]
    public async Task Bump_LateRepetitionOfABuild_UndoesNothing()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        await bench.OneAsync(Of("1.4.0", "41"));
        await bench.OneAsync(Of("1.5.0", "42"));

        var late = await bench.OneAsync(Of("1.4.0", "41"));

        (late.Action, late.Fault, late.Kind).ShouldBe((ChangeAction.Failed, "overtaken", FailureKind.Conflict));
        bench.TagOf("shop").ShouldBe("1.5.0");
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(3);
    }

    [Fact]
    public async Task Bump_RecordsWhoAndWhatAndLogsOneAuditLine()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"), ("PASSWORD", "very-secret-value"));

        await bench.OneAsync(Of("1.4.0", "41") with { Commit = "abc123" }, by: "ci-shop", run: "run-a");

        var made = (await bench.KnownAsync("shop")).Changes.ShouldHaveSingleItem();
        (made.Version, made.From, made.Tag, made.By, made.Build, made.Commit, made.Run, made.Healthy).ShouldBe(("2", "1", "1.4.0", "ci-shop", "41", "abc123", "run-a", true));
        bench.Logs.Lines.Where(line => line.Contains("Audit:")).ShouldHaveSingleItem()
            .ShouldContain("bump of shop/dev by ci-shop, approved by nobody: 1.3.0 (version 1) to 1.4.0 (version 2), build 41, commit abc123, run run-a");
        bench.Logs.Lines.ShouldNotContain(line => line.Contains("very-secret-value"));
    }

    [Fact]
    public async Task Bump_CompetingWriterOnce_IsReadAndDecidedAgain()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        Once(bench, path => bench.Vault.KeyValue().Put(path, ("METADATA_TAG", "1.3.0"), ("NEW", "kept")));

        var environment = (await bench.BumpAsync("shop", "1.4.0")).Environments[0];

        (environment.Action, environment.NewVersion).ShouldBe((ChangeAction.Updated, "3"));
        ((string)bench.Vault.KeyValue().Data(Shop)!["NEW"]!).ShouldBe("kept");
        environment.Steps.ShouldContain(step => step.Name == "conflict");
    }

    [Fact]
    public async Task Bump_CompetingWriterInALoop_EndsAsAConflict()
    {
        await using var bench = await BumpBench.StartAsync(("SecretBump:MaxConflicts", "3"));
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        bench.Vault.KeyValue().Writing = path => bench.Vault.KeyValue().Put(path, ("METADATA_TAG", "1.3.0"));

        var environment = (await bench.BumpAsync("shop", "1.4.0")).Environments[0];

        (environment.Action, environment.Fault, environment.Kind).ShouldBe((ChangeAction.Failed, "conflict", FailureKind.Conflict));
        bench.Vault.Count("PATCH /v1/kvv2/data/").ShouldBe(3);
    }

    [Fact]
    public async Task Bump_SoftDeletedLatestVersion_IsRefused()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        bench.Vault.KeyValue().Delete(Shop);

        var environment = (await bench.BumpAsync("shop", "1.4.0")).Environments[0];

        (environment.Fault, environment.Kind).ShouldBe(("deleted", FailureKind.Conflict));
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(1);
    }

    [Fact]
    public async Task Bump_UnknownEnvironment_Is404AndTheOthersGoOn()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));

        var report = await bench.BumpAsync("shop", "1.4.0", "dev", "nowhere");

        report.Outcome.ShouldBe(ChangeOutcome.Partial);
        report.Environments.Select(environment => (environment.Environment, environment.Action, environment.Kind)).ShouldBe(
            [("dev", ChangeAction.Updated, null), ("nowhere", ChangeAction.Failed, FailureKind.NotFound)]);
    }

    [Fact]
    public async Task Bump_UnknownApplication_Is404()
    {
        await using var bench = await BumpBench.StartAsync();

        var failure = await Should.ThrowAsync<Ebb.SecretBump.Changes.ChangeException>(() => bench.RunAsync(new BumpRequest { Application = "nothing", NewTag = "1.4.0" }));

        failure.Kind.ShouldBe(FailureKind.NotFound);
        failure.Message.ShouldContain("nothing");
    }

    [Fact]
    public async Task Bump_PermissionMissingOnOneOfThree_OthersGoOnAndTheRunSaysWhich()
    {
        string[] policies = ["read kvv2/data/*", "read kvv2/metadata/*", "patch kvv2/metadata/*", "patch kvv2/data/application/shop/dev/*", "patch kvv2/data/application/shop/prd/*"];
        await using var bench = await BumpBench.StartAsync(policies);
        foreach (var environment in new[] { "dev", "staging", "prd" })
        {
            bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", environment), ("METADATA_TAG", "1.3.0"));
        }

        var report = await bench.BumpAsync("shop", "1.4.0", "dev", "staging", "prd");

        report.Outcome.ShouldBe(ChangeOutcome.Partial);
        new[] { bench.TagOf("shop"), bench.TagOf("shop", "staging"), bench.TagOf("shop", "prd") }.ShouldBe(["1.4.0", "1.3.0", "1.4.0"]);
        var denied = report.Environments.Single(environment => environment.Action == ChangeAction.Failed);
        (denied.Environment, denied.Fault, denied.Kind).ShouldBe(("staging", "denied", FailureKind.BadGateway));
        denied.Cause!.ShouldContain("application/shop/staging/docker with 403");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Bump_SealedOrWithoutAnActiveServer_IsTransient(bool isSealed, bool isStandby)
    {
        await using var bench = await BumpBench.StartAsync(("SecretBump:StorePatience", "00:00:01"));
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        (bench.Vault.Sealed, bench.Vault.Standby, bench.Vault.Forwards) = (isSealed, isStandby, !isStandby);

        var environment = (await bench.BumpAsync("shop", "1.4.0")).Environments[0];

        (environment.Fault, environment.Kind, environment.IsTransient).ShouldBe(("unavailable", FailureKind.Unavailable, true));
    }

    [Fact]
    public async Task Bump_ServerGoneForAWhile_IsDoneWhenItIsBack()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        bench.Vault.Down = true;
        var running = bench.BumpAsync("shop", "1.4.0");
        while (bench.Vault.Count() < 4)
        {
            await Task.Delay(10, BumpBench.Token);
        }

        bench.Vault.Down = false;

        (await running).Outcome.ShouldBe(ChangeOutcome.Changed);
        bench.TagOf("shop").ShouldBe("1.4.0");
    }

    [Fact]
    public async Task Bump_TokenRevokedMidRun_LogsInAgain()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        Once(bench, _ => bench.Vault.Tokens.RevokeAll());

        (await bench.BumpAsync("shop", "1.4.0")).Outcome.ShouldBe(ChangeOutcome.Changed);

        (await bench.BumpAsync("shop", "1.5.0")).Outcome.ShouldBe(ChangeOutcome.Changed);
        bench.Vault.Auth.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Bump_NodeThatLagsBehind_IsAskedAgain()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        await bench.BumpAsync("shop", "1.3.0");
        bench.Vault.FailNext(412, "required index state not present");

        (await bench.BumpAsync("shop", "1.4.0")).Outcome.ShouldBe(ChangeOutcome.Changed);
    }

    [Fact]
    public async Task Bump_AnswerOfTheWriteLost_IsOneVersionAndAccountedFor()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        bench.LoseTheNextWritesAnswer(Shop);

        var environment = await bench.OneAsync(Of("1.4.0", "41"), run: "run-a");

        (environment.Action, environment.NewTag).ShouldBe((ChangeAction.Updated, "1.4.0"));
        environment.Steps.ShouldContain(step => step.Name == "conflict");
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(2);
        (await bench.KnownAsync("shop")).Changes.Select(change => (change.Version, change.Run, change.Build)).ShouldBe([("2", "run-a", "41")]);
    }

    [Fact]
    public async Task Bumps_TwoHundredAtOnce_TakeThreeCallsEachAndOneLogin()
    {
        await using var bench = await BumpBench.StartAsync();
        foreach (var i in Enumerable.Range(0, 200))
        {
            bench.Vault.KeyValue().Put(BumpBench.PathOf($"app-{i}"), ("METADATA_TAG", "1.0.0"));
        }

        var reports = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => bench.BumpAsync($"app-{i}", "1.1.0")));

        reports.ShouldAllBe(report => report.Outcome == ChangeOutcome.Changed);
        bench.Vault.Auth.Logins.ShouldBe(1);
        (bench.Vault.Count() - bench.Vault.Count("POST /v1/auth/")).ShouldBeLessThanOrEqualTo(600);
    }

    private static BumpRequest Of(string tag, string build) => new() { Application = "shop", NewTag = tag, Build = build, Environments = ["dev"] };

    private static void Once(BumpBench bench, Action<string> act) => bench.Vault.KeyValue().Writing = path =>
    {
        bench.Vault.KeyValue().Writing = null;
        act(path);
    };
}
