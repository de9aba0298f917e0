using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Tests.Bolt;

namespace Ebb.EtcdBackup.Tests.Drills;

/// <summary>What etcdutl makes of a snapshot, and what is left behind.</summary>
public sealed class DrillRestorationTests(TestDatabases databases) : IAsyncLifetime
{
    private readonly DrillBench _bench = new();
    private byte[] _snapshot = null!;

    public async ValueTask InitializeAsync() => _snapshot = await File.ReadAllBytesAsync((await databases.Small).Path);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Run_RestoreAfterAKilledDrill_RemovesWhatThatLeft()
    {
        var left = Directory.CreateDirectory(Path.Combine(_bench.Restores, "ebb-drill-left"));
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "snapshot.db"), "all secrets");
        var foreign = Directory.CreateDirectory(Path.Combine(_bench.Restores, "something-else"));
        _bench.Backups.With("DrillRestoreDirectory", _bench.Restores).With("EtcdutlPath", Peers.EtcdUtl);
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, sidecar: same => same);

        (await _bench.DrillAsync()).Checks[^1].ShouldSatisfyAllConditions(check => check.Name.ShouldBe("restore"), check => check.Result.ShouldBe(DrillResult.Passed));

        Directory.EnumerateFileSystemEntries(_bench.Restores).ShouldBe([foreign.FullName]);
    }

    [Fact]
    public async Task Run_RestoreWithoutEtcdutl_IsNoVerdictAndLeavesNothing()
    {
        _bench.Backups.With("DrillRestoreDirectory", _bench.Restores).With("EtcdutlPath", "/nowhere/etcdutl");
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, sidecar: same => same);

        var error = await Should.ThrowAsync<SnapshotException>(() => _bench.DrillAsync());

        error.Message.ShouldContain("EtcdBackup:EtcdutlPath");
        Directory.EnumerateFileSystemEntries(_bench.Restores).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_RestoreThatEtcdutlRefuses_Fails()
    {
        _bench.Backups.With("DrillRestoreDirectory", _bench.Restores).With("EtcdutlPath", "/bin/false");
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, sidecar: same => same);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Failed);
        report.Checks[^1].Detail.ShouldContain("etcdutl refuses it");
        Directory.EnumerateFileSystemEntries(_bench.Restores).ShouldBeEmpty();
    }
}
