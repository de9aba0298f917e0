using Ebb.Storage.Tables;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Takes messages and renews their leases.</summary>
internal static class LeaseStatements
{
    // Taken for certain is what must be: a server that forgets a lease gives the message to somebody else, which is nothing
    // new for a message that comes at least once, but must not happen within a sequence.
    private const string Unflushed =
        "(select set_config('synchronous_commit', 'off', true) from (select count(sequence_key) as n from taken) s where n = 0)";

    private static readonly string Take =
        $"""
        with open as (
            select id, position from messages
            where queue = $2 and place = 0 and (lease_until is null or lease_until <= {Rows.Now})
            order by queue, place, position limit $3 for update skip locked
        ),
        due as (
            select id, position from messages
            where queue = $2 and place = 1 and visible_at <= {Rows.Now}
            order by queue, visible_at limit $3 for update skip locked
        ),
        chosen as (
            select id from (select id, position from open union all select id, position from due) c order by position limit $3
        ),
        taken as (
            update messages m set
                place = 0,
                lease_token = $4,
                lease_until = {Rows.Now} + $5 * interval '1 microsecond',
                dequeue_count = m.dequeue_count + 1,
                function = $6, instance = $7, started_at = {Rows.Now}, progress = null,
                attempts = case when m.lease_token is null then m.attempts else {Rows.AttemptsWithLapsed} end,
                error_type = case when m.lease_token is null then m.error_type else {Rows.LapsedType} end,
                error_message = case when m.lease_token is null then m.error_message else {Rows.LapsedMessage} end
            from chosen where m.id = chosen.id
            returning m.id, m.position, m.queue, m.body, m.dequeue_count, m.lease_until, m.created_at, m.trigger, m.sequence_key, m.trace_parent, m.trace_state, m.caller
        )
        select {MessageRow.Taken}, {Unflushed} from taken order by position
        """;

    private const string Taken =
        $"select {MessageRow.Taken} from messages where queue = $1 and place = 0 and lease_token = $2 order by position";

    private const string Extend =
        $"""
        with taken as (
            update messages m set lease_until = {Rows.Now} + i.duration * interval '1 microsecond'
            from unnest($2::uuid[], $3::uuid[], $4::bigint[]) i(id, token, duration)
            where m.id = i.id and m.lease_token = i.token and m.lease_until > {Rows.Now}
            returning m.id, m.lease_token as token, m.sequence_key
        )
        select id, token, {Unflushed} from taken
        """;

    // As if they had lapsed: whoever waits takes the messages at once.
    private const string GiveUp =
        $"""
        with given as (
            update messages m set lease_until = {Rows.Now} from unnest($2::uuid[], $3::uuid[]) i(id, token)
            where m.id = i.id and m.lease_token = i.token and m.lease_until > {Rows.Now}
            returning m.queue
        )
        select pg_notify(c.channel, '')::text from unnest($4::text[], $5::text[]) c(queue, channel) where exists (select 1 from given g where g.queue = c.queue)
        """;

    public static NpgsqlBatchCommand Dequeue(DatabaseClock clock, DequeueRequest request, Guid token) => Of(
        Take, clock.Parameter(), Text(request.Queue), Number(request.MaxCount), Uuid(token), Number(request.LeaseDuration.Microseconds()),
        Text(request.Function), Text(request.Instance));

    /// <summary>What an earlier try with the same token took before its answer was lost.</summary>
    public static NpgsqlBatchCommand TakenBefore(string queue, Guid token) => Of(Taken, Text(queue), Uuid(token));

    public static NpgsqlBatchCommand Renew(DatabaseClock clock, IReadOnlyList<(LeasedMessage Message, TimeSpan Duration)> items) => Of(
        Extend, clock.Parameter(), Uuids(items.Select(item => item.Message.RunId.Value)), Uuids(items.Select(item => item.Message.LeaseToken)),
        Numbers(items.Select(item => item.Duration.Microseconds())));

    public static NpgsqlBatchCommand End(DatabaseClock clock, Channels channels, IReadOnlyCollection<LeasedMessage> leases)
    {
        var queues = leases.Select(lease => lease.Queue).Distinct().ToList();
        return Of(
            GiveUp, clock.Parameter(), Uuids(leases.Select(lease => lease.RunId.Value)), Uuids(leases.Select(lease => lease.LeaseToken)),
            Texts(queues), Texts(queues.Select(channels.Queue)));
    }
}
