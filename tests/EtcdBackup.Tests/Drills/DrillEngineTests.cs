using System.Security.Cryptography;
using Ebb.Age;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Snapshots;
using Ebb.EtcdBackup.Tests.Bolt;
using Ebb.Storage;
using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Drills;

public sealed class DrillEngineTests(TestDatabases databases) : IAsyncLifetime
{
    private readonly DrillBench _bench = new();
    private TestDatabase _database = null!;
    private byte[] _snapshot = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.Small;
        _snapshot = await File.ReadAllBytesAsync(_database.Path);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Run_BackupOfARealEtcd_IsSoundAndRestored()
    {
        await using var etcd = await EtcdServer.StartAsync();
        await etcd.Gateway.PutAsync(KubernetesKeys.Make(2_000));
        _bench.Backups.With("Endpoints", etcd.Endpoint).With("Compress", "true").With("AgeIdentityFile", _bench.Backups.IdentityFile)
            .With("SpoolDirectory", _bench.Spools).With("DrillRestoreDirectory", _bench.Restores).With("EtcdutlPath", Peers.EtcdUtl);
        await _bench.Backups.StartAsync();
        var backup = await _bench.Backups.RunAsync();

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Sound, string.Join('\n', report.Checks));
        report.Name.ShouldBe(backup.Name);
        Results(report).ShouldBe(["object passed", "decryption passed", "decompression passed", "trailer passed", "database passed", "sidecar passed", "restore passed"]);
        report.Database!.Keys.ShouldBe(2_000);
        report.Database.Revision.ShouldBe(backup.Revision!.Value);
        report.Database.Prefixes!.Values.Sum().ShouldBe(2_000);
        report.Database.Prefixes.Keys.First().ShouldBe("/registry/pods");
        Directory.EnumerateFileSystemEntries(_bench.Restores).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(_bench.Spools).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_EncryptedWithoutAnIdentity_SaysThatNothingInItWasChecked()
    {
        await _bench.StartAsync(withIdentity: false);
        await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Unopened);
        Results(report).ShouldBe(["object passed", "database skipped"]);
        report.Checks[1].Detail.ShouldContain("EtcdBackup:AgeIdentityFile is not set: whether it can be restored is not known");
        report.Database.ShouldBeNull();
    }

    [Fact]
    public async Task Run_EncryptedWithoutAnIdentityAndChanged_Fails()
    {
        await _bench.StartAsync(withIdentity: false);
        await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same, change: Flip(1000));

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Failed);
        Results(report).ShouldBe(["object failed"]);
    }

    [Fact]
    public async Task Run_NeitherSidecarNorIdentity_IsUnopenedAndSaysThatNothingWasChecked()
    {
        await _bench.StartAsync(withIdentity: false);
        await _bench.StoreAsync(_snapshot, encrypted: true);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Unopened);
        report.Checks.Select(check => (check.Name, check.Result)).ShouldBe([("object", DrillResult.Skipped), ("database", DrillResult.Skipped)]);
        report.Checks[0].Detail.ShouldBe("it has no sidecar to compare it with");
    }

    [Fact]
    public async Task Run_SidecarThatCannotBeReadAndNoIdentity_Fails()
    {
        await _bench.StartAsync(withIdentity: false);
        var name = await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);
        await File.WriteAllTextAsync(Path.Combine(_bench.Backups.Objects, name + ".json"), "{");

        (await _bench.DrillAsync(name)).Outcome.ShouldBe(DrillOutcome.Failed);
    }

    [Fact]
    public async Task Run_IdentityBesideOthers_OpensAndNamesTheOthers()
    {
        await File.AppendAllTextAsync(_bench.Backups.IdentityFile, "AGE-PLUGIN-YUBIKEY-1QQQQ\n");
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Sound, string.Join('\n', report.Checks));
        report.Checks.Single(check => check.Name == "decryption").Detail.ShouldEndWith("also holds what is not used here: line 2: an identity of the plugin 'yubikey'");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Run_OfTalosBackup_IsSoundAndCountsAsVerifiedFromThenOn(bool compressed, bool encrypted)
    {
        await _bench.StartAsync();
        var name = await _bench.StoreAsync(_snapshot, compressed, encrypted);
        (await _bench.Backups.Catalog.FindAsync(name, default)).State.ShouldBe(SnapshotState.Unverified);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Sound, string.Join('\n', report.Checks));
        report.Database!.Keys.ShouldBe(_database.Keys.Count);
        var stored = await _bench.Backups.Catalog.FindAsync(name, default);
        stored.State.ShouldBe(SnapshotState.Verified);
        (stored.Sidecar!.Source, stored.Sidecar.PlaintextBytes).ShouldBe(("unknown", _snapshot.Length));
        Results(await _bench.DrillAsync())[0].ShouldBe("object passed");
    }

    [Fact]
    public async Task Run_NewerOneOfTalosBackup_IsTriedThoughAnOlderOneIsVerified()
    {
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot);
        (await _bench.DrillAsync()).Outcome.ShouldBe(DrillOutcome.Sound);
        var newer = await _bench.StoreAsync(_snapshot, day: 7);

        var report = await _bench.DrillAsync();

        (report.Name, report.Outcome).ShouldBe((newer, DrillOutcome.Sound));
    }

    [Fact]
    public async Task Run_UnverifiedOneNewerThanOurs_IsLeftAlone()
    {
        await _bench.StartAsync();
        var ours = await _bench.StoreAsync(_snapshot, sidecar: same => same);
        await _bench.StoreAsync(_snapshot, day: 1);

        (await _bench.DrillAsync()).Name.ShouldBe(ours);
    }

    [Fact]
    public async Task Run_EncryptedToOthers_FailsAtDecryption()
    {
        using var other = AgeIdentity.Generate();
        await File.WriteAllTextAsync(_bench.Backups.IdentityFile, other.ExportSecret());
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Failed);
        Results(report).ShouldBe(["object passed", "decryption failed"]);
        report.Checks[0].Detail.ShouldContain("it was stored like this");
    }

    [Theory]
    [InlineData(true, true, 5000, "object failed", "decryption failed")]
    [InlineData(true, false, 5000, "object failed", "decompression failed")]
    [InlineData(false, false, 5000, "object failed", null)]
    public async Task Run_ObjectChanged_FailsAtTheObject(bool compressed, bool encrypted, int place, string first, string? second)
    {
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, compressed, encrypted, sidecar: same => same, change: Flip(place));

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Failed);
        Results(report).ShouldBe(second is null ? [first] : [first, second]);
    }

    [Fact]
    public async Task Run_CutWithoutASidecar_FailsAtTheTrailer()
    {
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot[..^4096]);
        Results(await _bench.DrillAsync()).ShouldBe(["trailer failed"]);
        await _bench.StoreAsync([]);
        Results(await _bench.DrillAsync()).ShouldBe(["trailer failed"]);
    }

    [Fact]
    public async Task Run_FindsItDamaged_CountsAsVerifiedNoMoreUntilADrillFindsItSound()
    {
        await _bench.StartAsync();
        var older = await _bench.StoreAsync(_snapshot, sidecar: same => same);
        var name = await _bench.StoreAsync(_snapshot, sidecar: same => same, change: Flip(5000), day: 1);
        (await _bench.Backups.Catalog.FindAsync(SnapshotCatalog.Latest, default)).Name.Text.ShouldBe(name);

        (await _bench.DrillAsync()).Outcome.ShouldBe(DrillOutcome.Failed);

        var damaged = await _bench.Backups.Catalog.FindAsync(name, default);
        damaged.State.ShouldBe(SnapshotState.Damaged);
        damaged.Problem.ShouldNotBeNull().ShouldContain("is not what was stored");
        (await _bench.Backups.Catalog.FindAsync(SnapshotCatalog.Latest, default)).Name.Text.ShouldBe(older);

        await File.WriteAllBytesAsync(Path.Combine(_bench.Backups.Objects, name), _snapshot);
        (await _bench.DrillAsync(name)).Outcome.ShouldBe(DrillOutcome.Sound);
        (await _bench.Backups.Catalog.FindAsync(name, default)).State.ShouldBe(SnapshotState.Verified);
    }

    [Fact]
    public async Task Run_IdentityOrRestoreFails_SaysNothingAboutTheSnapshotItself()
    {
        using var other = AgeIdentity.Generate();
        await File.WriteAllTextAsync(_bench.Backups.IdentityFile, other.ExportSecret());
        _bench.Backups.With("DrillRestoreDirectory", _bench.Restores).With("EtcdutlPath", "/bin/false");
        await _bench.StartAsync();
        var encrypted = await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);
        var plain = await _bench.StoreAsync(_snapshot, sidecar: same => same);

        foreach (var name in new[] { encrypted, plain })
        {
            (await _bench.DrillAsync(name)).Outcome.ShouldBe(DrillOutcome.Failed);
            (await _bench.Backups.Catalog.FindAsync(name, default)).State.ShouldBe(SnapshotState.Verified);
        }
    }

    [Fact]
    public async Task Run_DatabaseDamagedBeforeItsTrailerWasComputed_FailsAtTheDatabase()
    {
        await _bench.StartAsync();
        var database = _snapshot[..^32];
        database.AsSpan(8192).Clear();
        await _bench.StoreAsync([.. database, .. SHA256.HashData(database)], sidecar: same => same);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Failed);
        Results(report).ShouldBe(["object passed", "trailer passed", "database failed"]);
        report.Checks[2].Detail.ShouldContain("The database is damaged at page");
        (await _bench.RememberedAsync()).Drills.ShouldHaveSingleItem().Outcome.ShouldBe(DrillOutcome.Failed);
    }

    [Fact]
    public async Task Run_SidecarOfAnotherDatabase_FailsAtTheSidecar()
    {
        await _bench.StartAsync();
        foreach (var (change, expected) in new (Func<Sidecar, Sidecar>, string)[]
        {
            (sidecar => sidecar with { Revision = _database.Revision + 1 }, $"the snapshot was begun at {_database.Revision + 1}"),
            (sidecar => sidecar with { Revision = 1, LastRevision = _database.Revision - 1 }, $"the snapshot had ended at {_database.Revision - 1}"),
            (sidecar => sidecar with { Revision = _database.Revision, Keys = 7 }, "where etcd counted 7"),
            (sidecar => sidecar with { PlaintextSha256 = new string('0', 64) }, "instead of"),
        })
        {
            await _bench.StoreAsync(_snapshot, sidecar: change);
            var report = await _bench.DrillAsync();
            report.Outcome.ShouldBe(DrillOutcome.Failed);
            report.Checks.Single(check => check.Result == DrillResult.Failed).ShouldSatisfyAllConditions(
                check => check.Name.ShouldBe("sidecar"), check => check.Detail.ShouldContain(expected));
        }

        await _bench.StoreAsync(_snapshot, sidecar: sidecar => sidecar with { Revision = _database.Revision, LastRevision = _database.Revision, Keys = _database.Keys.Count });
        (await _bench.DrillAsync()).Outcome.ShouldBe(DrillOutcome.Sound);

        // Keys were counted before more was written: another number is no mistake.
        await _bench.StoreAsync(_snapshot, sidecar: sidecar => sidecar with { Revision = _database.Revision - 5, LastRevision = _database.Revision + 5, Keys = 7 });
        (await _bench.DrillAsync()).Outcome.ShouldBe(DrillOutcome.Sound);
    }

    [Fact]
    public async Task Run_SidecarThatCannotBeRead_Fails()
    {
        await _bench.StartAsync();
        var name = await _bench.StoreAsync(_snapshot, sidecar: same => same);
        await File.WriteAllTextAsync(Path.Combine(_bench.Backups.Objects, name + ".json"), "{");

        var report = await _bench.DrillAsync(name);

        report.Outcome.ShouldBe(DrillOutcome.Failed);
        report.Checks.ShouldContain(check => check.Name == "sidecar" && check.Result == DrillResult.Failed);
    }

    [Fact]
    public async Task Run_NothingStored_SaysSo()
    {
        await _bench.StartAsync();
        (await Should.ThrowAsync<SnapshotException>(() => _bench.DrillAsync())).Failure.ShouldBe(SnapshotFailure.NotFound);
        (await Should.ThrowAsync<SnapshotException>(() => _bench.DrillAsync("prod-2026-01-31T02:00:00Z.snap"))).Failure.ShouldBe(SnapshotFailure.NotFound);
    }

    [Fact]
    public async Task Run_IdentityFileMissing_IsUnopened()
    {
        File.Delete(_bench.Backups.IdentityFile);
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);

        var report = await _bench.DrillAsync();

        report.Outcome.ShouldBe(DrillOutcome.Unopened);
        report.Checks[^1].Detail.ShouldContain($"{_bench.Backups.IdentityFile} (EtcdBackup:AgeIdentityFile) does not exist");
    }

    [Fact]
    public async Task Run_IdentityFileWithoutAUsableOne_IsNoVerdict()
    {
        await File.WriteAllTextAsync(_bench.Backups.IdentityFile, "AGE-SECRET-KEY-PQ-1QQQQ\n");
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);

        var error = await Should.ThrowAsync<SnapshotException>(() => _bench.DrillAsync());

        error.Failure.ShouldBe(SnapshotFailure.ConfigurationFile);
        error.Message.ShouldContain("EtcdBackup:AgeIdentityFile");
        error.Message.ShouldContain("line 1: a post-quantum identity");
    }

    [Fact]
    public async Task Run_UnopenedAfterAVerdict_ForgetsNeitherTheVerdictNorWhenOneWasLastSound()
    {
        await _bench.StartAsync();
        var sound = await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same);
        var damaged = await _bench.StoreAsync(_snapshot, encrypted: true, sidecar: same => same, change: Flip(5000), day: 1);
        (await _bench.DrillAsync(sound)).Outcome.ShouldBe(DrillOutcome.Sound);
        var since = (await GaugeAsync("ebb_etcd_drill_last_sound_timestamp_seconds")).ShouldNotBeNull();
        (await GaugeAsync("ebb_etcd_drill_unopened")).ShouldBe(0);
        (await _bench.DrillAsync(damaged)).Outcome.ShouldBe(DrillOutcome.Failed);
        (await GaugeAsync("ebb_etcd_drill_failed")).ShouldBe(1);
        File.Delete(_bench.Backups.IdentityFile);

        for (var i = 0; i <= DrillsDocument.MaxDrills; i++)
        {
            (await _bench.DrillAsync(sound)).Outcome.ShouldBe(DrillOutcome.Unopened);
        }

        (await GaugeAsync("ebb_etcd_drill_unopened")).ShouldBe(1);
        (await GaugeAsync("ebb_etcd_drill_failed")).ShouldBe(1);
        (await GaugeAsync("ebb_etcd_drill_last_sound_timestamp_seconds")).ShouldBe(since);
        (await _bench.RememberedAsync()).Drills.Select(drill => drill.Outcome)
            .ShouldBe([.. Enumerable.Repeat(DrillOutcome.Unopened, DrillsDocument.MaxDrills), DrillOutcome.Failed, DrillOutcome.Sound]);
    }

    [Fact]
    public async Task Run_ManyTimes_RemembersTheNewestTenAndPublishesGauges()
    {
        await _bench.StartAsync();
        await _bench.StoreAsync(_snapshot, sidecar: same => same);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _bench.DrillAsync()));
        for (var i = 0; i < 9; i++)
        {
            await _bench.DrillAsync();
        }

        (await _bench.RememberedAsync()).Drills.Count.ShouldBe(10);
        var gauges = await Gauges.ReadAsync(_bench.Backups.Storage.Documents, default);
        gauges.Single(gauge => gauge.Name == "ebb_etcd_drill_failed").Value.ShouldBe(0);
        gauges.ShouldContain(gauge => gauge.Name == "ebb_etcd_drill_last_sound_timestamp_seconds");
    }

    private async Task<double?> GaugeAsync(string name) => (await Gauges.ReadAsync(_bench.Backups.Storage.Documents, default)).SingleOrDefault(gauge => gauge.Name == name)?.Value;

    private static Func<byte[], byte[]> Flip(int place) => bytes =>
    {
        var changed = bytes.ToArray();
        changed[place] ^= 0x20;
        return changed;
    };

    private static string[] Results(DrillReport report) =>
        [.. report.Checks.Where(check => check.Name is not ("sidecar" or "restore" or "object") || check.Result != DrillResult.Skipped)
            .Select(check => $"{check.Name} {check.Result.ToString().ToLowerInvariant()}")];
}
