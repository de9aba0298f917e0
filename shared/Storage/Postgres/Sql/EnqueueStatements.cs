using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>
/// Accepts messages. Statements of one transaction: each sees what was committed before it began, so that what a lock or a
/// unique key made it wait for is known to the next.
/// </summary>
internal sealed class EnqueueStatements(DatabaseClock clock, Channels channels, TimeSpan retention)
{
    // A key lives as long as its run, also when the run is over its time but not deleted yet.
    private const string FreeKeys =
        $"""
        delete from idempotency_keys k using unnest($2::text[], $3::text[]) i(queue, key), runs r
        where k.queue = i.queue and k.key = i.key and r.id = k.run_id and r.ended_at <= {Rows.Now} - $4 * interval '1 microsecond'
        """;

    private const string TakeKeys =
        """
        insert into idempotency_keys (queue, key, run_id)
        select distinct on (queue, key) queue, key, id from unnest($1::text[], $2::text[], $3::uuid[]) with ordinality i(queue, key, id, ord)
        order by queue, key, ord
        on conflict do nothing
        """;

    private const string Supersede =
        $"""
        with old as (
            delete from messages m using unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) i(id, queue, sequence_key, key)
            where m.queue = i.queue and m.sequence_key = i.sequence_key and m.place <> 3
              and (m.lease_until is null or m.lease_until <= {Rows.Now})
              and m.id <> i.id
              and (i.key is null or exists (select 1 from idempotency_keys k where k.queue = i.queue and k.key = i.key and k.run_id = i.id))
              and not exists (select 1 from messages n where n.id = i.id) and not exists (select 1 from runs n where n.id = i.id)
            returning {Rows.Left}, i.id as newer
        )
        """;

    private static readonly string SupersedeOld =
        $"""
        {Supersede},
        moved as (
            insert into runs ({Rows.Moved}, state, started_at, ended_at, superseded_by, attempts, error_type, error_message, result)
            select {Rows.Moved}, 5, started_at, {Rows.Now}, newer,
                case when lease_token is null then attempts else {Rows.AttemptsWithLapsed} end,
                case when lease_token is null then error_type else {Rows.LapsedType} end,
                case when lease_token is null then error_message else {Rows.LapsedMessage} end, result
            from old m
            on conflict (id) do nothing
            returning id, awaited
        )
        select pg_notify($6, id::text)::text from moved where awaited
        """;

    private const string Insert =
        $"""
        insert into messages (
            id, seq, position, queue, place, trigger, visible_at, created_at, function, sequence_key, idempotency_key,
            trace_parent, trace_state, caller, body)
        select id, number, number, queue,
            case when behind then 2 when delay > 0 then 1 else 0 end,
            trigger, {Rows.Now} + delay * interval '1 microsecond', {Rows.Now}, function, sequence_key, key, trace_parent, trace_state, caller, body
        from (
            select i.*, nextval('order_numbers') as number,
                i.sequence_key is not null and (i.earlier or exists (
                    select 1 from messages m where m.queue = i.queue and m.sequence_key = i.sequence_key and m.place <> 3)) as behind
            from (
                select i.*, i.sequence_key is not null and row_number() over (partition by i.queue, i.sequence_key order by i.ord) > 1 as earlier
                from unnest(
                    $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
                    with ordinality i(id, queue, body, trigger, delay, function, sequence_key, key, trace_parent, trace_state, caller, ord)
                where (i.key is null or exists (select 1 from idempotency_keys k where k.queue = i.queue and k.key = i.key and k.run_id = i.id))
                  and not exists (select 1 from runs r where r.id = i.id)
                order by ord
            ) i
            order by ord
        ) i
        on conflict (id) do nothing
        """;

    private const string Notify = "select pg_notify(channel, payload)::text from unnest($1::text[], $2::text[]) n(channel, payload)";

    private const string KnownKeys =
        """
        select k.queue, k.key, k.run_id from unnest($1::text[], $2::text[]) i(queue, key)
        join idempotency_keys k on k.queue = i.queue and k.key = i.key
        """;

    /// <summary>The statements; the last one's rows say which run each idempotency key belongs to.</summary>
    public IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<(RunId Id, EnqueueRequest Request)> items)
    {
        var sequences = items.Where(item => item.Request.SequenceKey is not null)
            .Select(item => (item.Request.Queue, Key: item.Request.SequenceKey!)).Distinct().ToList();
        if (sequences.Count > 0)
            yield return SequenceStatements.Lock(sequences.Select(sequence => channels.Sequence(sequence.Queue, sequence.Key)).Order());
        var keyed = items.Where(item => item.Request.IdempotencyKey is not null).ToList();
        var (queues, keys) = (keyed.Select(item => item.Request.Queue).ToList(), keyed.Select(item => item.Request.IdempotencyKey).ToList());
        if (keyed.Count > 0)
        {
            yield return Statement.Of(FreeKeys, clock.Parameter(), Texts(queues), Texts(keys), Number(retention.Microseconds()));
            yield return Statement.Of(TakeKeys, Texts(queues), Texts(keys), Uuids(keyed.Select(item => item.Id.Value)));
        }
        if (items.Where(item => item.Request.SupersedesWaiting).ToList() is { Count: > 0 } superseding)
            yield return OfSuperseding(superseding);
        yield return OfInsert(items);
        if (sequences.Count > 0)
            yield return SequenceStatements.Advance(clock, channels, sequences);
        yield return OfNotify(items);
        if (keyed.Count > 0)
            yield return Statement.Of(KnownKeys, Texts(queues), Texts(keys));
    }

    private NpgsqlBatchCommand OfSuperseding(List<(RunId Id, EnqueueRequest Request)> items) => Statement.Of(
        SupersedeOld, clock.Parameter(), Uuids(items.Select(item => item.Id.Value)), Texts(items.Select(item => item.Request.Queue)),
        Texts(items.Select(item => item.Request.SequenceKey)), Texts(items.Select(item => item.Request.IdempotencyKey)), Text(channels.RunEnded));

    private NpgsqlBatchCommand OfInsert(IReadOnlyList<(RunId Id, EnqueueRequest Request)> items) => Statement.Of(
        Insert,
        clock.Parameter(),
        Uuids(items.Select(item => item.Id.Value)),
        Texts(items.Select(item => item.Request.Queue)),
        Texts(items.Select(item => item.Request.Body)),
        Numbers(items.Select(item => (long)item.Request.Trigger)),
        Numbers(items.Select(item => item.Request.Delay.Microseconds())),
        Texts(items.Select(item => item.Request.Function)),
        Texts(items.Select(item => item.Request.SequenceKey)),
        Texts(items.Select(item => item.Request.IdempotencyKey)),
        Texts(items.Select(item => item.Request.TraceParent)),
        Texts(items.Select(item => item.Request.TraceState)),
        Texts(items.Select(item => item.Request.Caller)));

    private NpgsqlBatchCommand OfNotify(IEnumerable<(RunId Id, EnqueueRequest Request)> items)
    {
        var due = items.GroupBy(item => item.Request.Queue)
            .Select(queue => (Channel: channels.Queue(queue.Key), Delay: queue.Min(item => item.Request.Delay))).ToList();
        return Statement.Of(Notify, Texts(due.Select(queue => queue.Channel)), Texts(due.Select(queue => Payload(queue.Delay))));
    }

    private static string Payload(TimeSpan delay) => delay == TimeSpan.Zero ? "" : $"{delay.Microseconds()}";
}
