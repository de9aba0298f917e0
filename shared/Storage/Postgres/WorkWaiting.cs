using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Waits for work without polling: it looks once whether there is something and when the next delay or lease is over, and then
/// only listens until that moment.
/// </summary>
internal sealed class WorkWaiting(PostgresDatabase database, Watch watch, Channels channels, Herd herd)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

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
            using var waiter = await watch.BeginAsync([.. queues.Select(channels.Queue)], null, either.Token);
            while (!await LookAndListenAsync(waiter, queues, either.Token))
            {
            }
            herd.Woke(queues);
        }
        catch (OperationCanceledException) when (database.Closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(IHostStorage), "Host storage was closed while this waited.");
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
                    return await IsFirstAsync(queues, cancellationToken);
                case { } after:
                    var heard = database.Time.GetElapsedTime(asked) + after;
                    due = heard < due ? heard : due;
                    break;
            }
        }
    }

    /// <returns>False: others were told too and may have taken it; look again.</returns>
    private async Task<bool> IsFirstAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        var pause = await herd.PauseAsync(queues, cancellationToken);
        // Not by the store's own clock, which tests hold still.
        await Task.Delay(pause, TimeProvider.System, cancellationToken);
        return pause == TimeSpan.Zero;
    }

    private Task<TimeSpan?> LookAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => database.QueryAsync<TimeSpan?>(
        "looking for work",
        () => [Of(Look, database.Clock.Parameter(), Texts(queues))],
        async (reader, stop) => await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? TimeSpan.FromMicroseconds(Math.Max(0L, reader.GetInt64(0))) : null,
        cancellationToken);
}
