using Ebb.Storage.Tables;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Runs as they are read: those that are messages and those that are not, in the columns of <see cref="RunRow"/>.</summary>
internal static class RunRows
{
    private const string Columns = $"{RunRow.Head}, attempts::text as attempts, {RunRow.Tail}";

    /// <summary>Runs that are messages.</summary>
    public const string Live =
        $"""
        (select {Columns},
            case when place = 3 then 4 when lease_until > {Rows.Now} then 1 else 0 end as state, null::uuid as superseded_by,
            coalesce(lease_until <= {Rows.Now}, false) as lapsed
        from messages)
        """;

    /// <summary>Runs that are not. $2 is the retention: those over their time are gone, whether deleted already or not.</summary>
    public const string Ended =
        $"""
        (select {Columns}, state::int, superseded_by, false as lapsed
        from runs where ended_at is null or ended_at > {Rows.Now} - $2 * interval '1 microsecond')
        """;
}
