using Ebb.Storage;

namespace Ebb.Scaler.Tests;

/// <summary>A real store in a directory whose reads a test counts, stops or lets fail.</summary>
internal sealed class FaultyStorage : IHostStorage, IQueueStore
{
    private readonly IHostStorage _store;
    private readonly string _directory;
    private int _counts;
    private int _waits;

    private FaultyStorage(IHostStorage store, string directory) => (_store, _directory) = (store, directory);

    public IQueueStore Queues => this;

    public IScheduleStore Schedules => _store.Schedules;

    public IDocumentStore Documents => _store.Documents;

    public IRunStore Runs => _store.Runs;

    /// <summary>How often the queues were counted.</summary>
    public int Counts => Volatile.Read(ref _counts);

    /// <summary>How often somebody began to wait for work.</summary>
    public int Waits => Volatile.Read(ref _waits);

    /// <summary>What every read and wait throws; null: nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What every read waits for first.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static async Task<FaultyStorage> OpenAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ebb-scaler-").FullName;
        return new(
            await HostStorage.OpenAsync(
                new() { Storage = $"sqlite:{directory}/ebb.db" }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, default),
            directory);
    }

    public async ValueTask<IReadOnlyDictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _counts);

        // As a connection that hangs: the token is not looked at.
        await Gate;
        ThrowIfFailing();
        return await _store.Queues.CountAsync(queues, cancellationToken);
    }

    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waits);
        ThrowIfFailing();
        return _store.Queues.WaitForWorkAsync(queues, cancellationToken);
    }

    public ValueTask<EnqueueResult> EnqueueAsync(EnqueueRequest request, CancellationToken cancellationToken) => _store.Queues.EnqueueAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<LeasedMessage>> DequeueAsync(DequeueRequest request, CancellationToken cancellationToken) => _store.Queues.DequeueAsync(request, cancellationToken);

    public ValueTask<bool> RenewAsync(LeasedMessage message, TimeSpan duration, CancellationToken cancellationToken) => _store.Queues.RenewAsync(message, duration, cancellationToken);

    public ValueTask<bool> SettleAsync(LeasedMessage message, Settlement settlement, CancellationToken cancellationToken) => _store.Queues.SettleAsync(message, settlement, cancellationToken);

    public ValueTask<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken) => _store.Queues.CountAsync(queue, cancellationToken);

    public ValueTask<IReadOnlyList<PeekedMessage>> PeekAsync(string queue, bool poisoned, int maxCount, CancellationToken cancellationToken) => _store.Queues.PeekAsync(queue, poisoned, maxCount, cancellationToken);

    public ValueTask<int> RedriveAsync(string queue, RunId? runId, CancellationToken cancellationToken) => _store.Queues.RedriveAsync(queue, runId, cancellationToken);

    public ValueTask<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken) => _store.Queues.PurgeAsync(queue, poisoned, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private void ThrowIfFailing()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
