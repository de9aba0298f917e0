using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.EtcdBackup.Tests;

/// <summary>The functions in their host: what a run says.</summary>
public sealed class BackupEtcdTests : IAsyncDisposable
{
    private readonly BackupBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Nightly_WhileAnotherRunWorks_WaitsForIt()
    {
        _bench.With("Endpoints", "http://127.0.0.1:1").With("Schedule", "* * * * * *");
        await using var host = await StartAsync();
        var storage = host.Services.GetRequiredService<IHostStorage>();
        var other = RunId.New(TimeProvider.System);
        await storage.Runs.RecordAsync(
            new Run { Id = other, Trigger = TriggerKind.Manual, State = RunState.Running, CreatedAt = TimeProvider.System.GetUtcNow() }, BackupBench.Token);
        await storage.Documents.PutAsync("etcd/lock/prod", $$"""{"run":"{{other}}","since":"2026-01-31T02:00:00Z"}""", null, BackupBench.Token);

        // What a run waits for is told before it is queued again, and stays told while it looks once more: only runs that rest are compared.
        Run? run;
        do
        {
            await Task.Delay(50, BackupBench.Token);
            run = (await storage.Runs.ListAsync(new RunQuery { Function = "SnapshotNightly" }, BackupBench.Token)).FirstOrDefault(run =>
                run.EndedAt is not null || (run.State == RunState.Queued && run.Progress?.Contains($"{other}", StringComparison.Ordinal) == true));
        }
        while (run is null);

        run.EndedAt.ShouldBeNull(run.Error?.Message);
        run.Progress!.ShouldContain("works on the snapshots of prod");
    }

    private Task<RunningHost> StartAsync() => FunctionHost.StartAsync(
        ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{_bench.At("host")}/ebb.db", .. _bench.Settings.Select(setting => $"--{setting.Key}={setting.Value}")],
        [new EtcdBackupApp()],
        new HostEnvironment { WorkingDirectory = _bench.Folder, Output = TextWriter.Null, Error = TextWriter.Null },
        BackupBench.Token);
}
