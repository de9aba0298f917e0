using Ebb.Storage.Rules;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Ends attempts: a final one moves its row from messages to runs, the others stay.</summary>
internal sealed class SettleStatements(DatabaseClock clock, Channels channels)
{
    private const string Input = "unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])";

    private const string Finish =
        $"""
        with gone as (
            delete from messages m using {Input} i(id, token, state, delay, new_error_type, new_error_message, new_result)
            where i.state in (2, 3) and m.id = i.id and m.lease_token = i.token and m.lease_until > {Rows.Now}
            returning m.*, i.state, i.new_error_type, i.new_error_message, i.new_result
        ),
        moved as (
            insert into runs ({Rows.Moved}, state, settled_by, started_at, ended_at, instance, attempts, error_type, error_message, result)
            select {Rows.Moved}, state, lease_token, started_at, {Rows.Now}, instance, attempts, new_error_type, new_error_message, new_result
            from gone
            on conflict (id) do nothing
        )
        select id, lease_token as token, case when awaited then pg_notify($9, id::text)::text end from gone
        """;

    // One that waits for something else goes behind the next of its sequence when that can run sooner.
    private const string IsPassed =
        $"""
        (m.sequence_key is null or (
            select o.visible_at from messages o where o.queue = m.queue and o.sequence_key = m.sequence_key and o.id <> m.id and o.place <> 3
            order by o.position limit 1) < {Rows.Now} + i.delay * interval '1 microsecond')
        """;

    private static readonly string Return =
        $"""
        with back as (
            update messages m set
                place = case when i.state = 4 then 3 when i.state = 1 and i.delay > 0 and m.sequence_key is not null and {IsPassed} then 2 when i.delay > 0 then 1 else 0 end,
                position = case when i.state = 4 or (i.state = 1 and i.delay > 0 and {IsPassed}) then nextval('order_numbers') else m.position end,
                visible_at = {Rows.Now} + i.delay * interval '1 microsecond',
                postponed = i.state = 1 and i.delay > 0,
                lease_token = null, lease_until = null, settled_by = i.token,
                dequeue_count = m.dequeue_count - case when i.state = 1 then 1 else 0 end,
                ended_at = case when i.state = 4 then {Rows.Now} end,
                started_at = case when i.state = 1 then (m.attempts -> -1 ->> 'startedAt')::timestamptz else m.started_at end,
                attempts = case when i.state = 0 then {Rows.Appended(Rows.Now, "i.new_error_type", "i.new_error_message")} else m.attempts end,
                instance = case when i.state = 4 then m.instance end,
                error_type = case when i.state = 1 then m.error_type else i.new_error_type end,
                error_message = case when i.state = 1 then m.error_message else i.new_error_message end,
                result = case when i.state = 1 then m.result else i.new_result end
            from {Input} i(id, token, state, delay, new_error_type, new_error_message, new_result)
            where i.state in (0, 1, 4) and m.id = i.id and m.lease_token = i.token and m.lease_until > {Rows.Now}
            returning m.id, i.token, m.queue, m.awaited, i.state, i.delay
        )
        select id, token, case
            when state = 4 and awaited then pg_notify($9, id::text)::text
            when state <> 4 then (
                select pg_notify(c.channel, case when delay > 0 then delay::text else '' end)::text
                from unnest($10::text[], $11::text[]) c(queue, channel) where c.queue = back.queue) end
        from back
        """;

    private const string Done =
        """
        select i.id, i.token from unnest($1::uuid[], $2::uuid[]) i(id, token) where exists (select 1 from runs r where r.id = i.id and r.settled_by = i.token)
           or exists (select 1 from messages m where m.id = i.id and m.settled_by = i.token)
        """;

    /// <summary>The statements; rows that begin with id and token name the leases that held.</summary>
    public IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<SettleItem> items, bool repeated)
    {
        // A first try may have been committed before the connection was lost.
        if (repeated)
            yield return Statement.Of(Done, Uuids(items.Select(item => item.Message.RunId.Value)), Uuids(items.Select(item => item.Message.LeaseToken)));
        var sequences = items.Where(item => item.Message.SequenceKey is not null)
            .Select(item => (item.Message.Queue, Key: item.Message.SequenceKey!)).Distinct().ToList();
        if (sequences.Count > 0)
            yield return SequenceStatements.Lock(sequences.Select(sequence => channels.Sequence(sequence.Queue, sequence.Key)).Order());
        if (items.Any(item => item.IsEnd))
            yield return Statement.Of(Finish, [.. Parameters(items), Text(channels.RunEnded)]);
        if (items.Any(item => !item.IsEnd))
        {
            var queues = items.Where(item => !item.IsEnd).Select(item => item.Message.Queue).Distinct().ToList();
            yield return Statement.Of(Return, [.. Parameters(items), Text(channels.RunEnded), Texts(queues), Texts(queues.Select(channels.Queue))]);
        }
        if (sequences.Count > 0)
            yield return SequenceStatements.Advance(clock, channels, sequences);
    }

    private NpgsqlParameter[] Parameters(IReadOnlyList<SettleItem> items) =>
    [
        clock.Parameter(),
        Uuids(items.Select(item => item.Message.RunId.Value)),
        Uuids(items.Select(item => item.Message.LeaseToken)),
        Numbers(items.Select(item => (long)item.State)),
        Numbers(items.Select(item => item.Delay.Microseconds())),
        Texts(items.Select(item => item.Error?.Type)),
        Texts(items.Select(item => item.Error?.Message)),
        Texts(items.Select(item => item.Result)),
    ];
}
