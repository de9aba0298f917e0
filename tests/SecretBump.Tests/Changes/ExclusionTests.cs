using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Tests.Changes;

/// <summary>Two who act on one environment at the same time.</summary>
public sealed class ExclusionTests
{
    private const string Key = "secret-locks/shop/dev";

    private static BumpRequest Bump => new() { Application = "shop", NewTag = "1.4.0", Environments = ["dev"] };

    [Fact]
    public async Task Bump_AnotherRunIsAtWork_IsBusyAndMadeAfterIt()
    {
        await using var bench = await StartAsync();
        var other = RunId.New(TimeProvider.System);
        await bench.Storage.Runs.RecordAsync(
            new Run { Id = other, Trigger = TriggerKind.Manual, State = RunState.Running, CreatedAt = TimeProvider.System.GetUtcNow() }, BumpBench.Token);

        var busy = await bench.Services.GetRequiredService<ExclusiveKeys>().HoldAsync(Key, $"{other}", (_, _) => bench.OneAsync(Bump), BumpBench.Token);

        (busy.Action, busy.Fault, busy.IsTransient).ShouldBe((ChangeAction.Failed, "busy", true));
        busy.Cause!.ShouldContain($"{other}");
        bench.TagOf("shop").ShouldBe("1.3.0");
        (await bench.OneAsync(Bump)).Action.ShouldBe(ChangeAction.Updated);
    }

    [Fact]
    public async Task Bump_AnotherAttemptOfItsRunTookTheKey_OnlyAccountsForItsVersion()
    {
        await using var bench = await StartAsync();
        var taken = false;
        bench.Vault.Requested = () =>
        {
            if (!taken && bench.Vault.Requests.Last().StartsWith("PATCH ", StringComparison.Ordinal))
            {
                taken = true;
                bench.Storage.Documents.PutAsync(Key, """{"run":"run-a","token":"00000000-0000-0000-0000-000000000001"}""", null, BumpBench.Token).AsTask().GetAwaiter().GetResult();
            }
        };

        var fenced = await bench.OneAsync(Bump, run: "run-a");

        (fenced.Action, fenced.IsTransient).ShouldBe((ChangeAction.Failed, true), fenced.Cause);
        fenced.Cause!.ShouldContain(Key);
        var known = await bench.KnownAsync("shop");
        (known.CurrentVersion, known.HealthyVersion).ShouldBe((null, null));
        known.Changes.ShouldHaveSingleItem().Version.ShouldBe("2");
        (await bench.OneAsync(Bump, run: "run-a")).Action.ShouldBe(ChangeAction.Updated);
        (await bench.KnownAsync("shop")).HealthyVersion.ShouldBe("2");
    }

    private static async Task<BumpBench> StartAsync()
    {
        var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.3.0"));
        return bench;
    }
}
