using System.Collections.Concurrent;
using Ebb.Storage.Postgres.Sql;
using Ebb.Storage.Rules;
using Ebb.Storage.Tables;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>The queues of a PostgreSQL store.</summary>
internal sealed class PostgresQueueStore : IQueueStore
{
    private readonly PostgresDatabase _database;
    private readonly ConcurrentDictionary<(RunId Run, Guid Lease), LeasedMessage> _held = new();
    private readonly Channels _channels;
    private readonly WorkWaiting _waiting;
    private readonly EnqueueStatements _enqueue;
    private readonly SettleStatements _settle;
    private readonly QueueQueries _queries;
    private readonly Retention _retention;
    private readonly Combiner<(RunId Id, EnqueueRequest Request), EnqueueResult> _enqueuing;
    private readonly Combiner<SettleItem, bool> _settling;
    private readonly Combiner<(LeasedMessage Message, TimeSpan Duration), bool> _renewing;

    public PostgresQueueStore(PostgresDatabase database, Watch watch, Channels channels, EnqueueStatements enqueue, Retention retention)
    {
        (_database, _channels, _enqueue, _retention) = (database, channels, enqueue, retention);
        _waiting = new(database, watch, channels);
        _settle = new(database.Clock, channels);
        _queries = new(database, channels);
        // A message that supersedes others has to find those accepted before it.
        _enqueuing = new(EnqueueAsync, item => item.Request.Body.Length, item => item.Request.SupersedesWaiting);
        _settling = new(SettleAsync, item => item.Result?.Length ?? 0);
        _renewing = new(RenewAsync, _ => 0);
    }

    public async ValueTask<EnqueueResult> EnqueueAsync(EnqueueRequest request, CancellationToken cancellationToken)
    {
        StorageNames.Check(request);
        StoredText.Check(request);
        return await _enqueuing.AddAsync((RunId.New(_database.Time), request), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<LeasedMessage>> DequeueAsync(DequeueRequest request, CancellationToken cancellationToken)
    {
        StorageNames.Check(request);
        _waiting.Take(request.Queue);
        var token = Guid.NewGuid();
        var taken = await _database.RunAsync(
            $"taking messages of queue {request.Queue}",
            async (connection, repeated, stop) =>
            {
                if (repeated && await ReadAsync(connection, LeaseStatements.TakenBefore(request.Queue, token), token, stop) is { Count: > 0 } before)
                    return before;
                return await ReadAsync(connection, LeaseStatements.Dequeue(_database.Clock, request, token), token, stop);
            },
            cancellationToken);
        foreach (var message in taken)
            _held[(message.RunId, token)] = message;
        return taken;
    }

    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueues(queues);
        return _waiting.WaitAsync(queues, cancellationToken);
    }

    public async ValueTask<bool> RenewAsync(LeasedMessage message, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StorageNames.CheckLease(duration);
        var held = await _renewing.AddAsync((message, duration), cancellationToken);
        if (!held)
            _held.TryRemove((message.RunId, message.LeaseToken), out _);
        return held;
    }

    public async ValueTask<bool> SettleAsync(LeasedMessage message, Settlement settlement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        StorageNames.Check(settlement);
        var held = await _settling.AddAsync(SettleItem.Of(message, settlement), cancellationToken);
        _held.TryRemove((message.RunId, message.LeaseToken), out _);
        _retention.Ended(1);
        return held;
    }

    public async ValueTask<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken) =>
        (await CountAsync([queue], cancellationToken))[queue];

    public async ValueTask<IReadOnlyDictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueues(queues);
        return await _queries.CountAsync(queues, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<PeekedMessage>> PeekAsync(string queue, bool poisoned, int maxCount, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return await _queries.PeekAsync(queue, poisoned, maxCount, cancellationToken);
    }

    public async ValueTask<int> RedriveAsync(string queue, RunId? runId, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        return await _queries.RedriveAsync(queue, runId, cancellationToken);
    }

    public async ValueTask<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken)
    {
        StorageNames.CheckQueue(queue);
        var count = await _queries.PurgeAsync(queue, poisoned, cancellationToken);
        _retention.Ended(count);
        return count;
    }

    /// <summary>
    /// Completes what was begun and gives up the leases that are left: this process renews them no more. Those under a sequence key lapse by
    /// themselves: work that did not end when it was cancelled goes on until the process is gone, and its successor must not begin before.
    /// </summary>
    public async Task CloseAsync()
    {
        await Task.WhenAll(_enqueuing.DrainAsync(), _settling.DrainAsync(), _renewing.DrainAsync());
        var free = _held.Values.Where(lease => lease.SequenceKey is null).ToList();
        if (free.Count == 0)
            return;
        await _database.RunAsync(
            "giving up leases",
            (connection, _, stop) => PostgresDatabase.ExecuteAsync(
                connection, [LeaseStatements.End(_database.Clock, _channels, free)], (_, _) => Task.FromResult(true), stop),
            CancellationToken.None,
            patience: TimeSpan.FromSeconds(2));
    }

    private Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<(RunId Id, EnqueueRequest Request)> items) => _database.QueryAsync<IReadOnlyList<EnqueueResult>>(
        $"accepting {items.Count} messages",
        () => _enqueue.Of(items),
        (reader, stop) => EnqueueResults.ReadAsync(reader, items, stop),
        CancellationToken.None);

    private Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<SettleItem> items) => _database.RunAsync<IReadOnlyList<bool>>(
        $"ending {items.Count} attempts",
        async (connection, repeated, stop) =>
        {
            var held = await PostgresDatabase.ExecuteAsync(connection, _settle.Of(items, repeated), ReadHeldAsync, stop);
            // Of two settlements of one lease the first counts.
            return [.. items.Select(item => held.Remove((item.Message.RunId.Value, item.Message.LeaseToken)))];
        },
        CancellationToken.None);

    private Task<IReadOnlyList<bool>> RenewAsync(IReadOnlyList<(LeasedMessage Message, TimeSpan Duration)> items) =>
        _database.QueryAsync<IReadOnlyList<bool>>(
            $"renewing {items.Count} leases",
            () => [LeaseStatements.Renew(_database.Clock, items)],
            async (reader, stop) =>
            {
                var held = await ReadHeldAsync(reader, stop);
                return [.. items.Select(item => held.Contains((item.Message.RunId.Value, item.Message.LeaseToken)))];
            },
            CancellationToken.None);

    private static async Task<HashSet<(Guid Run, Guid Lease)>> ReadHeldAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var held = new HashSet<(Guid, Guid)>();
        do
        {
            while (reader.FieldCount > 1 && reader.GetName(1) == "token" && await reader.ReadAsync(cancellationToken))
                held.Add((reader.GetGuid(0), reader.GetGuid(1)));
        }
        while (await reader.NextResultAsync(cancellationToken));
        return held;
    }

    private static Task<List<LeasedMessage>> ReadAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand command, Guid token, CancellationToken cancellationToken) => PostgresDatabase.ExecuteAsync(
            connection, [command], (reader, stop) => reader.ListAsync(row => MessageRow.ReadTaken(row, token), stop), cancellationToken);
}
