using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Keeps messages with one sequence key in order: only the first of them is takeable.</summary>
internal static class SequenceStatements
{
    // The next one of each sequence moves up when none that is not poisoned stands before it.
    private const string MoveUp =
        $"""
        with up as (
            update messages m set place = case when m.visible_at > {Rows.Now} then 1 else 0 end
            from (
                select (
                    select h.id from messages h where h.queue = k.queue and h.sequence_key = k.key and h.place <> 3 order by h.position limit 1) as head,
                    k.channel
                from unnest($2::text[], $3::text[], $4::text[]) k(queue, key, channel)
            ) k
            where m.id = k.head and m.place = 2
            returning k.channel, m.visible_at
        )
        select pg_notify(channel, case when visible_at > {Rows.Now} then (extract(epoch from visible_at - {Rows.Now}) * 1000000)::bigint::text else '' end)::text from up
        """;

    /// <summary>Orders what happens to these sequences. The keys must be sorted, so that no two transactions wait for each other.</summary>
    public static NpgsqlBatchCommand Lock(IEnumerable<long> sequences) =>
        Of("select pg_advisory_xact_lock(key)::text from unnest($1::bigint[]) key", Numbers(sequences));

    public static NpgsqlBatchCommand Advance(DatabaseClock clock, Channels channels, IReadOnlyList<(string Queue, string Key)> sequences) => Of(
        MoveUp, clock.Parameter(), Texts(sequences.Select(sequence => sequence.Queue)), Texts(sequences.Select(sequence => sequence.Key)),
        Texts(sequences.Select(sequence => channels.Queue(sequence.Queue))));
}
