using Ebb.Storage;
using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Backups;

/// <summary>One run at a time, whatever became of the one before.</summary>
public sealed class BackupLockTests : IAsyncLifetime
{
    private const string Key = "etcd/lock/prod";

    private readonly LeapingTime _time = new();
    private readonly BackupBench _bench;
    private EtcdStandIn _member = null!;

    public BackupLockTests() => _bench = new BackupBench(_time);

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        await _bench.With("Endpoints", _member.Endpoint).StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _member.DisposeAsync();
    }

    // Its record goes on when the broker delivers the message again, which it may never do.
    [Fact]
    public async Task Take_HeldByARunOfRabbitMQWhoseProcessDied_IsFreeWhenItIsNotRenewed()
    {
        var dead = RunId.New(_time);
        await _bench.Storage.Runs.RecordAsync(new Run { Id = dead, Trigger = TriggerKind.RabbitMQ, State = RunState.Running, CreatedAt = _time.GetUtcNow() }, BackupBench.Token);
        (await _bench.Storage.Documents.PutAsync(Key, $$"""{"run":"{{dead}}","since":"2026-01-31T02:00:00Z"}""", 0, BackupBench.Token)).ShouldNotBeNull();
        await _bench.FailAsync(SnapshotFailure.Busy);

        _time.Ahead = TimeSpan.FromMinutes(4);

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_LockTakenAway_EndsAndSaysWhy()
    {
        var begun = new TaskCompletionSource();
        _member.BeforeSnapshot = () =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, BackupBench.Token);
        };
        var run = _bench.RunAsync();
        await begun.Task;

        await _bench.Storage.Documents.PutAsync(Key, """{"run":"another","since":"2026-01-31T02:00:00Z"}""", null, BackupBench.Token);

        var error = await Should.ThrowAsync<SnapshotException>(() => run);
        error.Failure.ShouldBe(SnapshotFailure.Busy);
        error.Message.ShouldContain("taken away");
        _bench.Names.ShouldBeEmpty();
        (await _bench.Storage.Documents.GetAsync(Key, BackupBench.Token))!.Value.ShouldContain("another");
    }
}
