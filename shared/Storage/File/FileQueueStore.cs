using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>The queues of a file store.</summary>
internal sealed class FileQueueStore(FileEngine engine, TimeProvider time) : IQueueStore
{
    public ValueTask<EnqueueResult> EnqueueAsync(EnqueueRequest request, CancellationToken cancellationToken)
    {
        StorageNames.Check(request);
        var id = RunId.New(time);
        return engine.WriteAsync(
            (state, now) =>
            {
                var (entry, run) = state.DecideEnqueue(request, id, now);
                return Decision<EnqueueResult>.Of(entry, new(run, entry is not null));
            },
            Durability.OfAll, cancellationToken);
    }

    // The lease is written before the message is handed out, so that one that kills its process is counted; it is not waited
    // for, since the death of a process leaves the written bytes alone. What the message rests on is: its enqueue, or the end of
    // its predecessor, may still be refused by the disk and then never happened.
    public ValueTask<IReadOnlyList<LeasedMessage>> DequeueAsync(DequeueRequest request, CancellationToken cancellationToken)
    {
        StorageNames.Check(request);
        return engine.WriteAsync(
            (state, now) =>
            {
                var entries = state.DecideDequeue(request, now);
                return new Decision<IReadOnlyList<LeasedMessage>>(entries, after => [.. entries.Select(entry => after.Lease(entry.Id))]);
            },
            Durability.OfOthers, cancellationToken);
    }

    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queues);
        foreach (var queue in queues)
            StorageNames.CheckQueue(queue);
        return engine.WaitForWorkAsync(queues, cancellationToken);
    }

    public ValueTask<bool> RenewAsync(LeasedMessage message, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StorageNames.CheckLease(duration);
        return engine.WriteAsync(
            (state, now) =>
            {
                var entry = state.DecideRenew(message, duration, now);
                return Decision<bool>.Of(entry, entry is not null);
            },
            Durability.OfNone, cancellationToken);
    }

    public ValueTask<bool> SettleAsync(LeasedMessage message, Settlement settlement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StorageNames.Check(settlement);
        return engine.WriteAsync(
            (state, now) =>
            {
                var entry = state.DecideSettle(message, settlement, now);
                return Decision<bool>.Of(entry, entry is not null);
            },
            Durability.OfAll, cancellationToken);
    }

    public ValueTask<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return engine.ReadAsync(state => state.Counts(queue), cancellationToken);
    }

    public ValueTask<IReadOnlyDictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queues);
        foreach (var queue in queues)
            StorageNames.CheckQueue(queue);
        return engine.ReadAsync<IReadOnlyDictionary<string, QueueCounts>>(
            state => queues.Distinct().ToDictionary(queue => queue, state.Counts), cancellationToken);
    }

    public ValueTask<IReadOnlyList<PeekedMessage>> PeekAsync(
        string queue, bool poisoned, int maxCount, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return engine.ReadAsync(state => state.Peek(queue, poisoned, maxCount), cancellationToken);
    }

    public ValueTask<int> RedriveAsync(string queue, RunId? runId, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return engine.WriteAsync(
            (state, now) =>
            {
                var (entry, count) = state.DecideRedrive(queue, runId, now);
                return Decision<int>.Of(entry, count);
            },
            Durability.OfAll, cancellationToken);
    }

    public ValueTask<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return engine.WriteAsync(
            (state, now) =>
            {
                var (entry, count) = state.DecidePurge(queue, poisoned, now);
                return Decision<int>.Of(entry, count);
            },
            Durability.OfAll, cancellationToken);
    }
}
