using System.Collections.Concurrent;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Tests.Changes;

/// <summary>A Vault that is gone for a while, on a clock that makes a while short.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LeapingTime _time = new();

    private static string Shop => BumpBench.PathOf("shop");

    [Theory]
    [InlineData("GET /v1/kvv2/data/")]
    [InlineData("PATCH /v1/kvv2/data/")]
    public async Task Bump_VaultGoneForAMinute_WaitsSaysSoAndIsMadeOnce(string from)
    {
        await using var bench = await StartAsync();
        DownFor(bench, Minute, from);
        var progress = new ConcurrentQueue<(string Text, bool IsDown, int Version)>();

        var report = await RunAsync(bench, text => progress.Enqueue((text, bench.Vault.Down, bench.Vault.KeyValue().CurrentVersion(Shop))));

        report.Outcome.ShouldBe(ChangeOutcome.Changed, report.Environments[0].Cause);
        (bench.TagOf("shop"), bench.Vault.KeyValue().CurrentVersion(Shop)).ShouldBe(("1.4.0", 2));
        (await bench.KnownAsync("shop")).Changes.ShouldHaveSingleItem().Healthy.ShouldBeTrue();
        _time.Passed.ShouldBeGreaterThanOrEqualTo(Minute);
        var meanwhile = progress.Where(said => said.IsDown).ToList();
        meanwhile.Count.ShouldBeGreaterThan(5);
        meanwhile.ShouldAllBe(said => said.Version == 1 && said.Text.StartsWith("shop/dev: the store is not to be had and is asked again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bump_VaultGoneForLonger_IsAFailureThatMayPassAndThenSucceeds()
    {
        await using var bench = await StartAsync();
        DownFor(bench, TimeSpan.FromMinutes(3), "GET /v1/kvv2/data/");

        var first = (await RunAsync(bench, _ => { })).Environments.ShouldHaveSingleItem();
        var nothing = (bench.TagOf("shop"), bench.Vault.KeyValue().CurrentVersion(Shop), (await bench.KnownAsync("shop")).Changes.Count);
        var second = await RunAsync(bench, _ => { });

        (first.Action, first.Fault, first.IsTransient).ShouldBe((ChangeAction.Failed, "unavailable", true));
        nothing.ShouldBe(("1.3.0", 1, 0));
        second.Outcome.ShouldBe(ChangeOutcome.Changed, second.Environments[0].Cause);
        bench.TagOf("shop").ShouldBe("1.4.0");
    }

    private static Task<ChangeReport> RunAsync(BumpBench bench, Action<string> progress) => bench.Services.GetRequiredService<ChangeEngine>().RunAsync(
        new BumpRequest { Application = "shop", NewTag = "1.4.0", Environments = ["dev"] }, "run-a", "ci", progress, BumpBench.Token);

    private async Task<BumpBench> StartAsync()
    {
        var bench = await BumpBench.StartAsync(_time);
        bench.Vault.KeyValue().Put(Shop, ("METADATA_TAG", "1.3.0"));
        return bench;
    }

    // From the first such request on.
    private void DownFor(BumpBench bench, TimeSpan outage, string from)
    {
        TimeSpan? since = null;
        bench.Vault.Requested = () =>
        {
            since ??= bench.Vault.Requests.Last().StartsWith(from, StringComparison.Ordinal) ? _time.Passed : null;
            bench.Vault.Down = since is { } began && _time.Passed - began < outage;
        };
    }
}
