using Ebb.Contracts;
using Ebb.EtcdBackup.Snapshots;
using Ebb.Storage;
using Ebb.TestServers.Etcd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.EtcdBackup.Tests.Processes;

/// <summary>The real executable, killed at random moments: what lists as good is good, and the next run succeeds.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Kills = 12;

    private readonly BackupBench _bench = new();
    private EtcdStandIn _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        _member.Script = SnapshotScript.Of(8_000);
        await _bench.With("Endpoints", _member.Endpoint).StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _member.DisposeAsync();
    }

    [Fact]
    public async Task Kill_AtRandomMoments_NothingThatListsAsGoodIsBad()
    {
        var random = new Random();
        for (var i = 0; i < Kills; i++)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _member.BeforeSnapshot = () =>
            {
                begun.TrySetResult();
                return Task.CompletedTask;
            };
            await EnqueueAsync();
            await using var process = BackupProcess.Start(_bench, "start", "--urls=http://127.0.0.1:0");
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), BackupBench.Token);
            await Task.Delay(random.Next(0, 700), BackupBench.Token);
            await process.KillAsync();

            await ShouldBeGoodAsync();
        }

        await using var last = BackupProcess.Start(_bench, "start", "--urls=http://127.0.0.1:0");
        await EventuallyAsync(async () => (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.Any() && await IsQuietAsync());
        await last.KillAsync();
        await ShouldBeGoodAsync();
    }

    [Fact]
    public async Task Run_FromAShell_PrintsTheReport()
    {
        await using var process = BackupProcess.Start(_bench, "run", "SnapshotOnRequest", "--input", "{}");

        (await process.WaitAsync()).ShouldBe(0, process.Text);

        (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_NothingConfigured_IsOffAndSaysWhy()
    {
        _bench.Clear();
        await using var request = BackupProcess.Start(_bench, "run", "SnapshotOnRequest", "--input", "{}");
        (await request.WaitAsync()).ShouldBe(2, request.Text);
        request.Text.ShouldContain("'SnapshotOnRequest' is off: EtcdBackup:Source is not set.");
    }

    private async Task EnqueueAsync()
    {
        await using var storage = await HostStorage.OpenAsync(new HostStorageOptions { Storage = $"sqlite:{_bench.At("host")}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, BackupBench.Token);
        await storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = Queues.EtcdSnapshots, Body = """{"prune":false}""", SequenceKey = "snapshot" }, BackupBench.Token);
    }

    // The stand-in is asked no more once everything that waited is done.
    private async Task<bool> IsQuietAsync()
    {
        var asked = _member.Snapshots;
        await Task.Delay(1500, BackupBench.Token);
        return asked == _member.Snapshots;
    }

    private async Task ShouldBeGoodAsync()
    {
        foreach (var snapshot in (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified)
        {
            using var digest = new SnapshotDigest();
            digest.Append(await _bench.ContentAsync(snapshot));
            digest.Finish().ShouldBe(snapshot.Sidecar!.PlaintextSha256);
        }
    }

    private static async Task EventuallyAsync(Func<Task<bool>> attempt)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await attempt())
        {
            await Task.Delay(100, limit.Token);
        }
    }
}
