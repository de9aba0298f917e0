using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Drills;
using Ebb.EtcdBackup.Tests.Bolt;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.EtcdBackup.Tests.Drills;

/// <summary>The function in its host: what a run says.</summary>
public sealed class DrillRestoreTests(TestDatabases databases) : IAsyncDisposable
{
    private readonly DrillBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Message_SoundSnapshot_SucceedsWithTheReport()
    {
        await _bench.StoreAsync(await SnapshotAsync(), sidecar: same => same);

        var run = await RunAsync(new DrillRequest());

        run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
        ReportOf(run).Outcome.ShouldBe(DrillOutcome.Sound);
    }

    [Fact]
    public async Task Message_DamagedSnapshot_FailsAtOnceWithCauseAndReport()
    {
        var name = await _bench.StoreAsync((await SnapshotAsync())[..^512], sidecar: same => same);

        var run = await RunAsync(new DrillRequest { Name = name });

        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldContain($"The snapshot {name} cannot be relied on:\n");
        run.Error!.Message.ShouldContain("trailer: The snapshot of ");
        ReportOf(run).Outcome.ShouldBe(DrillOutcome.Failed);
    }

    [Fact]
    public async Task Message_EncryptedAndNoIdentity_FailsAtOnceAsUnopened()
    {
        var name = await _bench.StoreAsync(await SnapshotAsync(), encrypted: true, sidecar: same => same);

        var run = await RunAsync(new DrillRequest());

        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldBe(
            $"The snapshot {name} was not opened: it is encrypted and EtcdBackup:AgeIdentityFile is not set: whether it can be restored is not known. "
            + "Give drills an identity of their own, as infra/docs/etcd-backup.md says under \"Drills\".");
        ReportOf(run).Outcome.ShouldBe(DrillOutcome.Unopened);
        run.Result!.ShouldContain("\"outcome\":\"unopened\"");
    }

    [Fact]
    public async Task Message_NoSuchSnapshot_FailsAtOnce()
    {
        var run = await RunAsync(new DrillRequest { Name = "prod-2020-01-01T00:00:00Z.snap" });

        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldContain("There is no prod-2020-01-01T00:00:00Z.snap");
    }

    [Fact]
    public void Options_RelativeDirectories_AreProblems()
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EtcdBackup:SpoolDirectory"] = "spool",
            ["EtcdBackup:DrillRestoreDirectory"] = "restore",
        }).Build();
        DrillOptions.From(configuration, problems);
        problems.Select(problem => problem.Split(' ')[0]).ShouldBe(["EtcdBackup:SpoolDirectory", "EtcdBackup:DrillRestoreDirectory"]);
    }

    private static DrillReport ReportOf(Run run) => JsonSerializer.Deserialize(run.Result!, ContractsJson.Default.DrillReport)!;

    private async Task<byte[]> SnapshotAsync() => await File.ReadAllBytesAsync((await databases.Small).Path);

    private async Task<Run> RunAsync(DrillRequest request)
    {
        _bench.Backups.With("Endpoints", "http://127.0.0.1:1").With("SpoolDirectory", _bench.Spools);
        await using var host = await FunctionHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{_bench.Backups.At("host")}/ebb.db", .. _bench.Backups.Settings.Select(setting => $"--{setting.Key}={setting.Value}")],
            [new EtcdBackupApp()],
            new HostEnvironment { WorkingDirectory = _bench.Backups.Folder, Output = TextWriter.Null, Error = TextWriter.Null },
            BackupBench.Token);
        var storage = host.Services.GetRequiredService<IHostStorage>();
        var message = new EnqueueRequest { Queue = Queues.EtcdDrills, Body = JsonSerializer.Serialize(request, ContractsJson.Default.DrillRequest) };
        var queued = await storage.Queues.EnqueueAsync(message, BackupBench.Token);
        return (await storage.Runs.WaitAsync(queued.RunId, TimeSpan.FromMinutes(1), BackupBench.Token))!;
    }
}
