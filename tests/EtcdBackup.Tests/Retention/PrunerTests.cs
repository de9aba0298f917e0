using Ebb.EtcdBackup.Backups;
using Ebb.EtcdBackup.Retention;
using Ebb.EtcdBackup.Snapshots;
using Ebb.Storage;
using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Retention;

/// <summary>Pruning of a store that holds ours, another tool's, and what is nobody's business.</summary>
public sealed class PrunerTests : IAsyncLifetime
{
    private static readonly string[] NotOurs = ["notes.txt", "production-2020-01-01T00:00:00Z.snap", "prod-2020-01-01T00:00:00Z.snap.bak", "prod-latest.snap"];

    private readonly BackupBench _bench = new();
    private EtcdStandIn _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        _member.Script = SnapshotScript.Of(4);
        await _bench.With("Endpoints", _member.Endpoint).StartAsync();
        foreach (var name in NotOurs)
        {
            await File.WriteAllTextAsync(Path.Combine(_bench.Objects, name), "x", BackupBench.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _member.DisposeAsync();
    }

    [Fact]
    public async Task Run_OldOnesThere_DeletesTheirObjectsAndSidecarsAndListsThem()
    {
        var report = await _bench.RunAsync();
        var old = await CopyAsync(report.Name, 40);

        var next = await _bench.RunAsync();

        next.Prune!.Deleted.Count.ShouldBeGreaterThan(20);
        next.Prune.Deleted.ShouldBeSubsetOf([.. old, report.Name]);
        _bench.Names.ShouldNotContain(name => next.Prune.Deleted.Any(deleted => name.StartsWith(deleted, StringComparison.Ordinal)));
        _bench.Names.ShouldContain(next.Name);
        NotOurs.ShouldBeSubsetOf(_bench.Names);
        (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.Count.ShouldBe(next.Prune.Kept);
    }

    [Fact]
    public async Task Prune_DryRun_SaysWhatItWouldDeleteAndDeletesNothing()
    {
        await CopyAsync((await _bench.RunAsync()).Name, 40);
        var before = _bench.Names.ToList();

        var dry = await PruneAsync(dryRun: true);

        dry.DryRun.ShouldBeTrue();
        _bench.Names.ShouldBe(before);
        (await PruneAsync(dryRun: false)).Deleted.ShouldBe(dry.Deleted);
    }

    [Fact]
    public async Task Prune_ForeignOnesOnly_DeletesNothing()
    {
        for (var i = 0; i < 100; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_bench.Objects, $"prod-{Day(i)}.snap.age"), "x", BackupBench.Token);
        }

        (await PruneAsync(dryRun: false)).Deleted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Prune_SidecarWithoutItsSnapshot_IsRemoved()
    {
        var report = await _bench.RunAsync();
        File.Move(Path.Combine(_bench.Objects, report.Name), Path.Combine(_bench.Objects, "elsewhere"));

        await PruneAsync(dryRun: false);

        _bench.Names.ShouldNotContain(report.Name + ".json");
    }

    [Fact]
    public async Task List_ForeignOnes_AreUnverifiedAndReadable()
    {
        var report = await _bench.RunAsync();
        File.Move(Path.Combine(_bench.Objects, report.Name), Path.Combine(_bench.Objects, "prod-2026-01-31T04:00:00+02:00.snap.age"));
        File.Delete(Path.Combine(_bench.Objects, report.Name + ".json"));

        var foreign = (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.ShouldHaveSingleItem();

        (foreign.State, foreign.Name.Time).ShouldBe((SnapshotState.Unverified, new DateTimeOffset(2026, 1, 31, 2, 0, 0, TimeSpan.Zero)));
        (await _bench.ContentAsync(foreign)).ShouldBe(_member.Script.Content);
    }

    // As if one had been taken on each of the days before.
    private async Task<List<string>> CopyAsync(string name, int days)
    {
        var sidecar = await File.ReadAllTextAsync(Path.Combine(_bench.Objects, name + ".json"), BackupBench.Token);
        var names = new List<string>();
        for (var i = 1; i <= days; i++)
        {
            names.Add($"prod-{Day(i)}.snap.age");
            File.Copy(Path.Combine(_bench.Objects, name), Path.Combine(_bench.Objects, names[^1]));
            await File.WriteAllTextAsync(Path.Combine(_bench.Objects, names[^1] + ".json"), sidecar.Replace(name, names[^1], StringComparison.Ordinal), BackupBench.Token);
        }

        return names;
    }

    private string Day(int daysAgo) => _bench.Time.GetUtcNow().AddDays(-daysAgo).ToString("yyyy-MM-dd'T02:00:00Z'", null);

    private Task<PruneReport> PruneAsync(bool dryRun) => _bench.Get<BackupEngine>().PruneAsync(dryRun, RunId.New(_bench.Time), BackupBench.Token);
}
