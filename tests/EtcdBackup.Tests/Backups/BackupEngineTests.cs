using System.Text.Json;
using Ebb.Contracts;
using Ebb.EtcdBackup.Backups;
using Ebb.EtcdBackup.Snapshots;
using Ebb.Storage;
using Ebb.TestServers.Disks;
using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Backups;

public sealed class BackupEngineTests : IAsyncLifetime
{
    private readonly BackupBench _bench = new();
    private EtcdStandIn _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        _bench.With("Endpoints", _member.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _member.DisposeAsync();
    }

    [Fact]
    public async Task Run_Healthy_LeavesTheObjectAndItsSidecar()
    {
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        _bench.Names.ShouldBe([report.Name, report.Name + ".json"]);
        var sidecar = (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem().Sidecar!;
        (sidecar.ClusterId, sidecar.MemberId, sidecar.EtcdVersion, sidecar.Revision, sidecar.LastRevision, sidecar.RaftIndex, sidecar.Keys)
            .ShouldBe(("c1", "a1", "3.5.16", 42, 42, 100UL, 7));
        sidecar.Recipients.ShouldBe([_bench.Identity.Recipient.ToString()]);
        sidecar.PlaintextBytes.ShouldBe(_member.Script.Content.Length);
        sidecar.ObjectBytes.ShouldBe(new FileInfo(Path.Combine(_bench.Objects, report.Name)).Length);
        sidecar.Tool.ShouldStartWith("ebb ");
    }

    [Fact]
    public async Task Run_PlainEndpointsAndNamesOfCertificatesThatAreNotThere_NeedsNone()
    {
        await _bench.With("CaFile", "/nowhere/ca.crt").With("CertificateFile", "/nowhere/tls.crt").With("KeyFile", "/nowhere/tls.key").StartAsync();

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_PlainAndEncryptedEndpoints_NeedsTheCertificates()
    {
        await _bench.With("Endpoints", $"{_member.Endpoint},https://127.0.0.1:1").With("CaFile", "/nowhere/ca.crt").StartAsync();

        (await _bench.FailAsync(SnapshotFailure.ConfigurationFile)).Message.ShouldBe("/nowhere/ca.crt (EtcdBackup:CaFile) cannot be read: it does not exist.");
    }

    [Fact]
    public async Task List_SidecarWithByteOrderMark_IsRead()
    {
        await _bench.StartAsync();
        var sidecar = Path.Combine(_bench.Objects, (await _bench.RunAsync()).Name + ".json");
        await File.WriteAllTextAsync(sidecar, "\uFEFF" + await File.ReadAllTextAsync(sidecar, BackupBench.Token), BackupBench.Token);

        (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_Unencrypted_HasToBeSaidAndStoresTheSnapshotItself()
    {
        await _bench.With("AgeRecipients", null).With("DisableEncryption", "true").StartAsync();

        var report = await _bench.RunAsync();

        report.Name.ShouldEndWith(".snap");
        (await File.ReadAllBytesAsync(Path.Combine(_bench.Objects, report.Name), BackupBench.Token)).ShouldBe(_member.Script.Content);
    }

    [Fact]
    public async Task Run_NoPlaintext_IsOnTheDisk()
    {
        _member.Script = SnapshotScript.Of(8);
        await _bench.StartAsync();
        await _bench.RunAsync();

        var needle = _member.Script.Content.AsMemory(5000, 24);
        foreach (var file in Directory.EnumerateFiles(_bench.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            (await File.ReadAllBytesAsync(file, BackupBench.Token)).AsSpan().IndexOf(needle.Span).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task Run_TwiceInOneSecond_TakesAnotherName()
    {
        await _bench.StartAsync();

        var names = new[] { (await _bench.RunAsync(prune: false)).Name, (await _bench.RunAsync(prune: false)).Name };

        names.Distinct().Count().ShouldBe(2);
        (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Run_WhileAnotherRuns_IsToldAndTheFirstSucceeds()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _member.BeforeSnapshot = () =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        await _bench.StartAsync();
        var first = _bench.RunAsync();
        await begun.Task;

        (await _bench.FailAsync(SnapshotFailure.Busy)).Message.ShouldContain("works on the snapshots of prod");
        goOn.SetResult();

        (await first).Verified.ShouldBeTrue();
        _member.Snapshots.ShouldBe(1);
        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_LockOfARunThatEnded_IsFree()
    {
        await _bench.StartAsync();
        var dead = RunId.New(_bench.Time);
        await _bench.Storage.Runs.RecordAsync(
            new Run { Id = dead, Trigger = TriggerKind.Manual, State = RunState.Failed, CreatedAt = _bench.Time.GetUtcNow(), EndedAt = _bench.Time.GetUtcNow() }, BackupBench.Token);
        await LockAsync(dead);

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_LockOfTheSameRun_IsItsOwn()
    {
        await _bench.StartAsync();
        var run = RunId.New(_bench.Time);
        await LockAsync(run);

        (await _bench.Get<BackupEngine>().RunAsync(prune: true, run, _ => { }, BackupBench.Token)).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_LeavesTheListForTheDoorAndFiguresForTheScrapers()
    {
        await _bench.StartAsync();
        var report = await _bench.RunAsync();

        var document = await _bench.Storage.Documents.GetAsync("etcd/snapshots/prod", BackupBench.Token);
        var entry = JsonSerializer.Deserialize(document!.Value, ContractsJson.Default.SnapshotsDocument)!.Snapshots.ShouldHaveSingleItem();
        (entry.Name, entry.State, entry.Bytes, entry.Keys, entry.Encrypted).ShouldBe((report.Name, "verified", report.Bytes, 7, true));

        var gauges = await Gauges.ReadAsync(_bench.Storage.Documents, BackupBench.Token);
        gauges.ShouldContain(gauge => gauge.Name == "ebb_etcd_backup_size_bytes" && gauge.Value == report.Bytes && gauge.Labels["cluster"] == "prod");
        gauges.Single(gauge => gauge.Name == "ebb_etcd_backup_last_verified_timestamp_seconds").Value.ShouldBe(report.Started.ToUnixTimeSeconds());
        gauges.Single(gauge => gauge.Name == "ebb_etcd_backup_oldest_verified_timestamp_seconds").Value.ShouldBe(report.Started.ToUnixTimeSeconds());
        gauges.Where(gauge => gauge.Name == "ebb_etcd_backup_snapshots").ToDictionary(gauge => gauge.Labels["state"], gauge => gauge.Value)
            .ShouldBe(new Dictionary<string, double> { ["verified"] = 1, ["unverified"] = 0, ["damaged"] = 0 }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(20, "less than half")]
    [InlineData(300, "more than twice")]
    [InlineData(70, null)]
    public async Task Run_SizeUnlikeThoseBefore_IsAWarning(int pages, string? expected)
    {
        await _bench.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await _bench.RunAsync(prune: false);
        }

        _member.Script = SnapshotScript.Of(pages);
        var warnings = (await _bench.RunAsync(prune: false)).Warnings;

        if (expected is null)
        {
            warnings.ShouldBeEmpty();
        }
        else
        {
            warnings.ShouldHaveSingleItem().ShouldContain(expected);
        }
    }

    [Fact]
    public async Task Run_OneDatedInTheFutureThere_NeitherCostsTheNewOneNorStandsForTheNewest()
    {
        await _bench.With("Keep:Daily", "1").With("Keep:Weekly", "0").With("Keep:Monthly", "0").StartAsync();
        var first = (await _bench.RunAsync()).Name;
        const string Ahead = "prod-2099-01-01T02:00:00Z.snap.age";
        File.Copy(Path.Combine(_bench.Objects, first), Path.Combine(_bench.Objects, Ahead));
        var sidecar = await File.ReadAllTextAsync(Path.Combine(_bench.Objects, first + ".json"), BackupBench.Token);
        await File.WriteAllTextAsync(Path.Combine(_bench.Objects, Ahead + ".json"), sidecar.Replace(first, Ahead, StringComparison.Ordinal), BackupBench.Token);

        var report = await _bench.RunAsync();

        report.Prune!.Deleted.ShouldBe([first]);
        _bench.Names.ShouldBe([report.Name, report.Name + ".json", Ahead, Ahead + ".json"]);
        (await _bench.Catalog.FindAsync(SnapshotCatalog.Latest, BackupBench.Token)).Name.Text.ShouldBe(report.Name);
        (await Gauges.ReadAsync(_bench.Storage.Documents, BackupBench.Token)).Single(gauge => gauge.Name == "ebb_etcd_backup_last_verified_timestamp_seconds")
            .Value.ShouldBe(report.Started.ToUnixTimeSeconds(), tolerance: 5);
    }

    [Fact]
    public async Task List_ObjectOfAnotherLength_IsDamaged()
    {
        await _bench.StartAsync();
        var report = await _bench.RunAsync();
        await File.AppendAllTextAsync(Path.Combine(_bench.Objects, report.Name), "x", BackupBench.Token);

        var stored = (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.ShouldHaveSingleItem();

        (stored.State, stored.Problem).ShouldBe((SnapshotState.Damaged, $"it has {report.ObjectBytes + 1} bytes, and its sidecar says {report.ObjectBytes}"));
    }

    [Fact]
    public async Task Run_DiskFull_FailsAndLeavesNothingThatListsAsGood()
    {
        await using var disk = await SmallDisk.MountAsync(BackupBench.Token);
        Assert.SkipWhen(disk is null, "This user may not mount a file system.");
        _member.Script = SnapshotScript.Of(600);
        await _bench.With("Store", $"file://{disk.Path}/objects").StartAsync();
        Directory.CreateDirectory(Path.Combine(disk.Path, "objects"));

        var error = await Should.ThrowAsync<ObjectStore.ObjectStoreException>(() => _bench.RunAsync());

        error.Fault.ShouldBe(ObjectStore.ObjectStoreFault.StoreFull);
        (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.ShouldBeEmpty();
        _member.Script = SnapshotScript.Of(20);
        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    private async Task LockAsync(RunId run) => (await _bench.Storage.Documents.PutAsync(
        "etcd/lock/prod", $$"""{"run":"{{run}}","since":"2026-01-31T02:00:00Z"}""", 0, BackupBench.Token)).ShouldNotBeNull();
}
