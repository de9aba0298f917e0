using Ebb.Storage.Rules;
using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>The queues of a SQLite store.</summary>
internal sealed class SqliteQueueStore(SqliteEngine engine, TimeProvider time) : IQueueStore
{
    private const string Counts = "select place, count(*) from messages where queue = $1 group by place";
    private const string Oldest = "select created_at from messages where queue = $1 and place = 0 order by position limit 1";

    private const string Look =
        """
        select id, body, created_at, visible_at, dequeue_count, case place when 3 then 4 when 4 then 1 else 0 end, error_type, error_message
        from messages where queue = $1 and (place = 3) = $2 order by position limit $3
        """;

    public ValueTask<EnqueueResult> EnqueueAsync(EnqueueRequest request, CancellationToken cancellationToken)
    {
        StorageNames.Check(request);
        StoredText.Check(request);
        var id = RunId.New(time);
        return engine.WriteAsync(work => MessageTable.Enqueue(work, request, id, engine.Kept(work)), cancellationToken);
    }

    // The lease is stored before the message is handed out, so that one that kills its process is counted.
    public ValueTask<IReadOnlyList<LeasedMessage>> DequeueAsync(DequeueRequest request, CancellationToken cancellationToken)
    {
        StorageNames.Check(request);
        return engine.WriteUnflushedAsync(work => MessageTable.Dequeue(work, request), cancellationToken);
    }

    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueues(queues);
        return engine.WaitForWorkAsync(queues, cancellationToken);
    }

    public ValueTask<bool> RenewAsync(LeasedMessage message, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StorageNames.CheckLease(duration);
        return engine.WriteUnflushedAsync(work => MessageTable.Renew(work, message.RunId, message.LeaseToken, duration), cancellationToken);
    }

    public ValueTask<bool> SettleAsync(LeasedMessage message, Settlement settlement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StorageNames.Check(settlement);
        var item = SettleItem.Of(message, settlement);
        return engine.WriteAsync(work => MessageTable.Settle(work, item), cancellationToken);
    }

    public ValueTask<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return engine.ReadAsync(work => Count(work, queue), cancellationToken);
    }

    public ValueTask<IReadOnlyDictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueues(queues);
        return engine.ReadAsync<IReadOnlyDictionary<string, QueueCounts>>(
            work => queues.Distinct().ToDictionary(queue => queue, queue => Count(work, queue)), cancellationToken);
    }

    public ValueTask<IReadOnlyList<PeekedMessage>> PeekAsync(string queue, bool poisoned, int maxCount, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return engine.ReadAsync<IReadOnlyList<PeekedMessage>>(
            work => work.Session.Rows(Look, MessageRow.ReadPeeked, queue, poisoned, maxCount), cancellationToken);
    }

    public ValueTask<int> RedriveAsync(string queue, RunId? runId, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return engine.WriteAsync(work => MessageTable.Redrive(work, queue, runId), cancellationToken);
    }

    public ValueTask<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return engine.WriteAsync(work => MessageTable.Purge(work, queue, poisoned), cancellationToken);
    }

    private static QueueCounts Count(Work work, string queue)
    {
        var places = work.Session.Rows(Counts, static row => (Place: (MessagePlace)row.GetInt64(0), Count: (int)row.GetInt64(1)), queue)
            .ToDictionary(place => place.Place, place => place.Count);
        return new(
            places.GetValueOrDefault(MessagePlace.Ready),
            places.GetValueOrDefault(MessagePlace.Delayed) + places.GetValueOrDefault(MessagePlace.Behind),
            places.GetValueOrDefault(MessagePlace.Leased),
            places.GetValueOrDefault(MessagePlace.Poisoned),
            work.Session.First(Oldest, static row => row.TimeOrNull(0), queue));
    }
}
