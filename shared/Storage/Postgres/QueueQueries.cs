using Ebb.Storage.Postgres.Sql;
using Ebb.Storage.Tables;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>What people and the scaler ask of queues. Less quick than the rest, and less often called.</summary>
internal sealed class QueueQueries(PostgresDatabase database, Channels channels)
{
    private const string IsLeased = $"m.lease_until > {Rows.Now}";
    private const string IsReady = $"(m.place = 0 and (m.lease_until is null or m.lease_until <= {Rows.Now}) or m.place = 1 and m.visible_at <= {Rows.Now})";

    private const string Counts =
        $"""
        select q.queue,
            count(*) filter (where {IsReady}),
            count(*) filter (where m.place = 2 or m.place = 1 and m.visible_at > {Rows.Now}),
            count(*) filter (where m.place = 0 and {IsLeased}),
            count(*) filter (where m.place = 3),
            min(m.created_at) filter (where {IsReady})
        from unnest($2::text[]) q(queue) left join messages m on m.queue = q.queue
        group by q.queue
        """;

    private static readonly string Oldest =
        $"""
        select m.id, m.body, m.created_at, m.visible_at, m.dequeue_count,
            case when m.place = 3 then 4 when {IsLeased} then 1 else 0 end,
            case when m.lease_until <= {Rows.Now} then {Rows.LapsedType} else m.error_type end,
            case when m.lease_until <= {Rows.Now} then {Rows.LapsedMessage} else m.error_message end
        from messages m
        where m.queue = $2 and (m.place = 3) = $3
        order by m.position limit $4
        """;

    // Nobody else writes meanwhile, so that the order within each sequence cannot be seen half done.
    private const string Alone = "lock table messages in share row exclusive mode";

    private static readonly string PutBack =
        $"""
        update messages m set
            place = case when m.sequence_key is null then 0 else 2 end,
            position = p.number, dequeue_count = 0, visible_at = {Rows.Now}, ended_at = null, instance = null,
            attempts = {Rows.Appended("m.ended_at", "m.error_type", "m.error_message")}
        from (
            select id, nextval('order_numbers') as number from (
                select id from messages where queue = $2 and place = 3 and ($3::uuid is null or id = $3) order by position) o
        ) p
        where m.id = p.id
        returning m.id
        """;

    private const string MoveUpAll =
        $"""
        update messages m set place = case when m.visible_at > {Rows.Now} then 1 else 0 end
        where m.queue = $2 and m.place = 2 and not exists (
            select 1 from messages p where p.queue = m.queue and p.sequence_key = m.sequence_key and p.place <> 3 and p.position < m.position)
        """;

    private static readonly string Delete =
        $"""
        with gone as (
            delete from messages m
            where m.queue = $2 and (m.place = 3) = $3 and (m.place <> 0 or m.lease_until is null or m.lease_until <= {Rows.Now})
            returning m.*
        ),
        moved as (
            insert into runs ({Rows.Moved}, state, started_at, ended_at, instance, attempts, error_type, error_message, result)
            select {Rows.Moved}, 3, started_at, coalesce(ended_at, {Rows.Now}), case when place = 3 then instance end,
                case when lease_token is null then attempts else {Rows.AttemptsWithLapsed} end,
                case when place = 3 then error_type else $4 end, case when place = 3 then error_message else $5 end, result
            from gone m
            on conflict (id) do nothing
        )
        select id, case when awaited then pg_notify($6, id::text)::text end from gone
        """;

    private const string Notify = "select pg_notify($1, '')::text";

    public Task<Dictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => database.QueryAsync(
        "counting messages",
        () => [Of(Counts, database.Clock.Parameter(), Texts(queues.Distinct()))],
        async (reader, stop) => (await reader.ListAsync(
            row => (
                Queue: row.GetString(0),
                Counts: new QueueCounts((int)row.GetInt64(1), (int)row.GetInt64(2), (int)row.GetInt64(3), (int)row.GetInt64(4), row.TimeOrNull(5))),
            stop)).ToDictionary(row => row.Queue, row => row.Counts),
        cancellationToken);

    public Task<List<PeekedMessage>> PeekAsync(string queue, bool poisoned, int maxCount, CancellationToken cancellationToken) => database.QueryAsync(
        $"looking at queue {queue}",
        () => [Of(Oldest, database.Clock.Parameter(), Text(queue), Flag(poisoned), Number(maxCount))],
        (reader, stop) => reader.ListAsync(MessageRow.ReadPeeked, stop),
        cancellationToken);

    public Task<int> RedriveAsync(string queue, RunId? run, CancellationToken cancellationToken) => database.TransactAsync(
        $"putting back poisoned messages of queue {queue}",
        () =>
        [
            Of(Alone),
            Of(PutBack, database.Clock.Parameter(), Text(queue), Id(run)),
            Of(MoveUpAll, database.Clock.Parameter(), Text(queue)),
            Of(Notify, Text(channels.Queue(queue))),
        ],
        CountIdsAsync,
        cancellationToken);

    public Task<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken)
    {
        var error = Rules.RunErrors.Purged(queue);
        return database.TransactAsync(
            $"deleting messages of queue {queue}",
            () =>
            [
                Of(Alone),
                Of(Delete, database.Clock.Parameter(), Text(queue), Flag(poisoned), Text(error.Type), Text(error.Message), Text(channels.RunEnded)),
            ],
            CountIdsAsync,
            cancellationToken);
    }

    private static async Task<int> CountIdsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (reader.FieldCount == 0 && await reader.NextResultAsync(cancellationToken))
        {
        }
        var count = 0;
        while (await reader.ReadAsync(cancellationToken))
            count++;
        return count;
    }
}
