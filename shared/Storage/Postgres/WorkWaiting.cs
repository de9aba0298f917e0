using System.Collections.Concurrent;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Waits for work without polling: it looks once whether there is something and when the next delay or lease is over, and then
/// only listens until that moment. Who has just taken from a queue has looked: it listens for a moment first, so that under load
/// nobody looks at all and what arrives meanwhile is taken together.
/// </summary>
internal sealed class WorkWaiting(PostgresDatabase database, Watch watch, Channels channels)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    // Those of queues that this process takes from: they hear while nobody waits.
    private readonly ConcurrentDictionary<string, Lazy<Task<Watch.Waiter>>> _taking = new(StringComparer.Ordinal);

    // Null: nothing is there and nothing will be by itself. What waits for its predecessor comes with that one's end.
    private const string Look =
        $"""
        select case
            when exists (
                select 1 from unnest($2::text[]) q(queue), lateral (
                    select 1 from messages m where m.queue = q.queue and m.place = 0 and (m.lease_until is null or m.lease_until <= {Sql.Rows.Now})
                    order by m.position limit 1) r) then 0
            else (
                select (extract(epoch from min(least(l.until, d.until)) - {Sql.Rows.Now}) * 1000000)::bigint
                from unnest($2::text[]) q(queue),
                    lateral (select min(m.lease_until) as until from messages m where m.queue = q.queue and m.place = 0) l,
                    lateral (select min(m.visible_at) as until from messages m where m.queue = q.queue and m.place = 1) d)
            end
        """;

    public async Task WaitAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, database.Closed);
        try
        {
            if (queues.Count != 1 || Taking(queues.First()) is not { } taking)
            {
                using var waiter = await watch.BeginAsync([.. queues.Select(channels.Queue)], null, either.Token);
                await WaitAsync(waiter, queues, either.Token);
            }
            else if (!await HearsSoonAsync(taking, either.Token))
            {
                await WaitAsync(taking, queues, either.Token);
            }
        }
        catch (OperationCanceledException) when (database.Closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(IHostStorage), "Host storage was closed while this waited.");
        }
    }

    /// <summary>Called before messages are taken from the queue: what was heard until now is answered by that.</summary>
    public void Take(string queue)
    {
        // The first time it only begins to hear, beside the taking.
        if (Taking(queue) is { } waiter)
            waiter.Reset();
        else
            _ = _taking.GetOrAdd(queue, _ => new(() => BeginAsync(queue))).Value;
    }

    private async Task<Watch.Waiter> BeginAsync(string queue)
    {
        try
        {
            return await watch.BeginAsync([channels.Queue(queue)], null, database.Closed);
        }
        catch
        {
            _taking.TryRemove(queue, out _);
            throw;
        }
    }

    private Watch.Waiter? Taking(string queue) =>
        _taking.TryGetValue(queue, out var waiter) && waiter.Value is { IsCompletedSuccessfully: true } hearing ? hearing.GetAwaiter().GetResult() : null;

    /// <returns>False: nothing was heard for a moment; look.</returns>
    private static async Task<bool> HearsSoonAsync(Watch.Waiter waiter, CancellationToken cancellationToken)
    {
        var signalled = waiter.Signalled;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(signalled, Task.Delay(Moment, TimeProvider.System, timer.Token));
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == signalled && await signalled == TimeSpan.Zero;
    }

    private async Task WaitAsync(Watch.Waiter waiter, IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        while (!await LookAndListenAsync(waiter, queues, cancellationToken))
        {
        }
    }

    private async Task<bool> LookAndListenAsync(Watch.Waiter waiter, IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        waiter.Reset();
        var asked = database.Time.GetTimestamp();
        if (await LookAsync(queues, cancellationToken) is not { } due)
            due = LongestTimer;
        while (true)
        {
            // Counted from before the question, so that the time the answer took is not waited for twice.
            var left = due - database.Time.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
                return due <= TimeSpan.Zero;
            var signalled = waiter.Signalled;
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var over = Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(left.TotalMilliseconds, LongestTimer.TotalMilliseconds))), database.Time, timer.Token);
            var first = await Task.WhenAny(signalled, over);
            await timer.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (first == over)
                return false;
            waiter.Reset();
            switch (await signalled)
            {
                case null:
                    return false;
                case { } after when after == TimeSpan.Zero:
                    return true;
                case { } after:
                    var heard = database.Time.GetElapsedTime(asked) + after;
                    due = heard < due ? heard : due;
                    break;
            }
        }
    }

    private Task<TimeSpan?> LookAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => database.QueryAsync<TimeSpan?>(
        "looking for work",
        () => [Of(Look, database.Clock.Parameter(), Texts(queues))],
        async (reader, stop) => await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? TimeSpan.FromMicroseconds(Math.Max(0L, reader.GetInt64(0))) : null,
        cancellationToken);
}
