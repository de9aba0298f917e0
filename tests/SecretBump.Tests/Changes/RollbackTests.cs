using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Changes;

public sealed class RollbackTests
{
    private static string Shop => BumpBench.PathOf("shop");

    [Theory]
    [InlineData("1.3.0")]
    [InlineData("1")]
    public async Task Rollback_ByTagOrVersion_RestoresTheWholeContentAsANewVersion(string to)
    {
        await using var bench = await StartAsync();

        var environment = await bench.OneAsync(Back(to));

        (environment.Action, environment.OldTag, environment.NewTag, environment.NewVersion).ShouldBe((ChangeAction.Restored, "1.4.0", "1.3.0", "4"));
        bench.Vault.KeyValue().Data(Shop)!.ToJsonString().ShouldBe(bench.Vault.KeyValue().Data(Shop, 1)!.ToJsonString());
    }

    [Fact]
    public async Task Rollback_Again_WritesNothing()
    {
        await using var bench = await StartAsync();
        await bench.OneAsync(Back("1.3.0"));

        (await bench.OneAsync(Back("1.3.0"))).Action.ShouldBe(ChangeAction.Unchanged);
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(4);
    }

    [Fact]
    public async Task Rollback_PinsUnlessToldOtherwise()
    {
        await using var bench = await StartAsync();
        await bench.OneAsync(Back("1.3.0"), by: "lead");

        var refused = (await bench.BumpAsync("shop", "1.5.0")).Environments[0];
        await bench.OneAsync(new UnpinRequest { Application = "shop", Environment = "dev" });
        await bench.OneAsync(Back("1.4.0") with { Pin = false });
        var free = (await bench.BumpAsync("shop", "1.5.0")).Environments[0];

        (refused.Fault, free.Action).ShouldBe(("pinned", ChangeAction.Updated));
        refused.Cause!.ShouldContain("rolled back");
    }

    [Fact]
    public async Task Rollback_SeveralVersionsWithTheTag_TakesTheNewest()
    {
        await using var bench = await StartAsync();
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"), ("WHICH", "newest"));
        await bench.BumpAsync("shop", "1.6.0");

        await bench.OneAsync(Back("1.3.0"));

        ((string)bench.Vault.KeyValue().Data(Shop)!["WHICH"]!).ShouldBe("newest");
    }

    [Fact]
    public async Task Rollback_ToADeletedVersion_Is404AndNamesWhatThereIs()
    {
        await using var bench = await StartAsync();
        bench.Vault.KeyValue().Delete(Shop, 1);

        var environment = await bench.OneAsync(Back("1.3.0"));

        (environment.Fault, environment.Kind).ShouldBe(("no-version", FailureKind.NotFound));
        environment.Remedy!.ShouldContain("1.4.0 (version 3)");
        environment.Remedy!.ShouldContain("1.3.5 (version 2)");
    }

    [Fact]
    public async Task Rollback_LatestVersionSoftDeleted_RestoresAllTheSame()
    {
        await using var bench = await StartAsync();
        bench.Vault.KeyValue().Delete(Shop);

        (await bench.OneAsync(Back("1.3.5"))).Action.ShouldBe(ChangeAction.Restored);
        bench.TagOf("shop").ShouldBe("1.3.5");
    }

    [Fact]
    public async Task Rollback_DryRun_ChangesAndPinsNothing()
    {
        await using var bench = await StartAsync();

        (await bench.OneAsync(Back("1.3.0") with { DryRun = true })).Action.ShouldBe(ChangeAction.WouldRestore);

        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(3);
        (await bench.KnownAsync("shop")).Pin.ShouldBeNull();
    }

    [Theory]
    [InlineData("1.3.0", ChangeAction.Restored, null)]
    [InlineData("1.9.9", ChangeAction.Failed, "overtaken")]
    public async Task Rollback_DeliveredAgainAfterSomebodyWroteOverIt_IsNotWrittenAgain(string theirs, ChangeAction action, string? fault)
    {
        await using var bench = await StartAsync();
        await bench.OneAsync(Back("1.3.0"), run: "run-a");
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", theirs), ("OTHER", "theirs"));

        var again = await bench.OneAsync(Back("1.3.0"), run: "run-a");

        (again.Action, again.Fault).ShouldBe((action, fault));
        bench.Vault.KeyValue().CurrentVersion(Shop).ShouldBe(5);
    }

    [Fact]
    public async Task Change_DeliveredAgainAfterALaterOne_ChangesNothing()
    {
        await using var bench = await StartAsync();
        await bench.OneAsync(new PinRequest { Application = "shop", Environment = "dev" }, run: "run-a");
        await bench.OneAsync(new UnpinRequest { Application = "shop", Environment = "dev" }, run: "run-b");

        var late = await bench.OneAsync(new PinRequest { Application = "shop", Environment = "dev" }, run: "run-a");

        (late.Action, late.Fault, late.Kind).ShouldBe((ChangeAction.Failed, "overtaken", FailureKind.Conflict));
        (await bench.KnownAsync("shop")).Pin.ShouldBeNull();
    }

    [Fact]
    public async Task Rollback_UnknownEnvironment_Is404()
    {
        await using var bench = await StartAsync();

        (await bench.OneAsync(Back("1.3.0") with { Environment = "nowhere" })).Kind.ShouldBe(FailureKind.NotFound);
    }

    private static RollbackRequest Back(string to) => new() { Application = "shop", Environment = "dev", To = to };

    private static async Task<BumpBench> StartAsync()
    {
        var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(Shop, """{"METADATA_TAG":"1.3.0","OTHER":"1.10"}""");
        bench.Vault.KeyValue().Put(Shop, """{"METADATA_TAG":"1.3.5","OTHER":"2"}""");
        await bench.BumpAsync("shop", "1.4.0");
        return bench;
    }
}
