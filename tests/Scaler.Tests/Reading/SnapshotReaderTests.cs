using Ebb.Scaler.Metrics;
using Ebb.Scaler.Reading;
using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Scaler.Tests.Reading;

public sealed class SnapshotReaderTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private FaultyStorage _storage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storage = await FaultyStorage.OpenAsync();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task ReadAsync_ManyCallersAtOnce_ReadOnce()
    {
        var reader = Reader(Long);
        await reader.ReadAsync(["a", "b"], Long, Token);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => reader.ReadAsync(["a"], Long, Token))));
        _storage.Counts.ShouldBe(1);
    }

    [Fact]
    public async Task ReadAsync_WhileOneIsUnderWay_StartsOneMoreForAll()
    {
        var gate = new TaskCompletionSource();
        _storage.Gate = gate.Task;
        var reader = Reader(Long);
        var first = reader.ReadAsync(["a"], TimeSpan.Zero, Token);
        while (_storage.Counts == 0)
        {
            await Task.Delay(1, Token);
        }

        var later = Enumerable.Range(0, 50).Select(_ => reader.ReadAsync(["a"], TimeSpan.Zero, Token)).ToList();
        gate.SetResult();
        await Task.WhenAll([first, .. later]);
        _storage.Counts.ShouldBe(2);
    }

    [Fact]
    public async Task ReadAsync_AnotherQueue_IsReadAnew()
    {
        var reader = Reader(Long);
        (await reader.ReadAsync(["a"], Long, Token)).Queues.Keys.ShouldBe(["a"]);
        (await reader.ReadAsync(["b"], Long, Token)).Queues.ContainsKey("b").ShouldBeTrue();
    }

    [Fact]
    public async Task ReadAsync_AnotherQueueWhileOneIsUnderWay_IsInItsAnswer()
    {
        var gate = new TaskCompletionSource();
        _storage.Gate = gate.Task;
        var reader = Reader(Long);
        var queues = Enumerable.Range(0, 20).Select(number => $"q{number}").ToList();
        var reads = queues.Select(queue => reader.ReadAsync([queue], TimeSpan.Zero, Token)).ToList();
        gate.SetResult();
        foreach (var (queue, read) in queues.Zip(reads))
        {
            (await read).Queues.ContainsKey(queue).ShouldBeTrue(queue);
        }
    }

    [Fact]
    public async Task ReadAsync_StorageThatHangs_IsUnavailableInTime()
    {
        _storage.Gate = new TaskCompletionSource().Task;
        var error = await Should.ThrowAsync<StorageUnavailableException>(() => Reader(TimeSpan.FromMilliseconds(50)).ReadAsync(["a"], Long, Token));
        error.Message.ShouldContain("did not answer within");
    }

    [Fact]
    public async Task ReadAsync_StorageThatFails_SaysWhyAndGoesOnAfterwards()
    {
        var reader = Reader(Long);
        _storage.Failure = new HostStorageException("db: connection refused.");
        (await Should.ThrowAsync<StorageUnavailableException>(() => reader.ReadAsync(["a"], Long, Token))).Message.ShouldContain("db: connection refused.");
        _storage.Failure = null;
        await Task.Delay(TimeSpan.FromSeconds(1.1), Token);
        (await reader.ReadAsync(["a"], TimeSpan.Zero, Token)).Queues.ContainsKey("a").ShouldBeTrue();
    }

    [Fact]
    public async Task ReadAsync_ManyCallersOfAStorageThatFails_AskItOnce()
    {
        var reader = Reader(Long);
        _storage.Failure = new HostStorageException("down");
        await Should.ThrowAsync<StorageUnavailableException>(() => reader.ReadAsync(["a"], TimeSpan.Zero, Token));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Should.ThrowAsync<StorageUnavailableException>(() => reader.ReadAsync(["a"], TimeSpan.Zero, Token))));
        _storage.Counts.ShouldBeLessThan(5);
    }

    private SnapshotReader Reader(TimeSpan timeout) => new(
        new OpenStorage(_storage), new KnownApps(TimeProvider.System), timeout, new ScalerMetrics(), TimeProvider.System, NullLogger<SnapshotReader>.Instance);
}
