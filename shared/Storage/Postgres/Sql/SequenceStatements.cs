using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Keeps messages with one sequence key in order: only the first of them is takeable.</summary>
internal static class SequenceStatements
{
    // By a function, since who only sends to a queue may change no row of it (0003.sql).
    private const string MoveUp =
        $"""
        select pg_notify(c.channel, case when up.due > {Rows.Now} then (extract(epoch from up.due - {Rows.Now}) * 1000000)::bigint::text else '' end)::text
        from advance($2::text[], $3::text[], {Rows.Now}) up
        join (select distinct k.queue, k.channel from unnest($2::text[], $4::text[]) k(queue, channel)) c on c.queue = up.advanced
        """;

    /// <summary>Orders what happens to these sequences. The keys must be sorted, so that no two transactions wait for each other.</summary>
    public static NpgsqlBatchCommand Lock(IEnumerable<long> sequences) =>
        Of("select pg_advisory_xact_lock(key)::text from unnest($1::bigint[]) key", Numbers(sequences));

    public static NpgsqlBatchCommand Advance(DatabaseClock clock, Channels channels, IReadOnlyList<(string Queue, string Key)> sequences) => Of(
        MoveUp, clock.Parameter(), Texts(sequences.Select(sequence => sequence.Queue)), Texts(sequences.Select(sequence => sequence.Key)),
        Texts(sequences.Select(sequence => channels.Queue(sequence.Queue))));
}
