using System.Text.Json;
using Ebb.Storage.State;
using Npgsql;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Runs as they are read: those that are messages and those that are not, in the same columns.</summary>
internal static class RunRows
{
    private const int MaxAttempts = 20;

    private const string Common =
        "id, seq, function, trigger, queue, created_at, started_at, ended_at, attempts::text as attempts, instance, trace_parent, caller, idempotency_key, sequence_key, progress, result, error_type, error_message";

    /// <summary>Runs that are messages.</summary>
    public const string Live =
        $"""
        (select {Common},
            case when place = 3 then 4 when lease_until > {Rows.Now} then 1 else 0 end as state, null::uuid as superseded_by,
            coalesce(lease_until <= {Rows.Now}, false) as lapsed
        from messages)
        """;

    /// <summary>Runs that are not. $2 is the retention: those over their time are gone, whether deleted already or not.</summary>
    public const string Ended =
        $"""
        (select {Common}, state::int, superseded_by, false as lapsed
        from runs where ended_at is null or ended_at > {Rows.Now} - $2 * interval '1 microsecond')
        """;

    public static Run Read(NpgsqlDataReader row)
    {
        var lapsed = row.GetBoolean(20);
        var run = new Run
        {
            Id = new(row.GetGuid(0)),
            Function = row.TextOrNull(2),
            Trigger = (TriggerKind)row.GetInt16(3),
            Queue = row.TextOrNull(4),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(5),
            StartedAt = row.TimeOrNull(6),
            EndedAt = row.TimeOrNull(7),
            TraceId = TraceParent.TraceId(row.TextOrNull(10)),
            Caller = row.TextOrNull(11),
            IdempotencyKey = row.TextOrNull(12),
            SequenceKey = row.TextOrNull(13),
            Progress = row.TextOrNull(14),
            Result = row.TextOrNull(15),
            Error = lapsed ? RunErrors.LeaseLapsed : row.ErrorOrNull(16),
            State = (RunState)row.GetInt32(18),
            SupersededBy = row.IsDBNull(19) ? null : new RunId(row.GetGuid(19)),
        };
        return run with { Attempts = Attempts(run, row.TextOrNull(8), row.TextOrNull(9), lapsed) };
    }

    // The attempt under way, and the one that ended a run, are in the row's own columns.
    private static IReadOnlyList<RunAttempt> Attempts(Run run, string? json, string? instance, bool lapsed)
    {
        IReadOnlyList<RunAttempt> earlier = json is null ? [] : JsonSerializer.Deserialize(json, PostgresJson.Default.IReadOnlyListRunAttempt)!;
        if (instance is null || run.StartedAt is not { } started)
            return earlier;
        var error = lapsed || run.IsFinal ? run.Error : null;
        return [.. earlier.TakeLast(MaxAttempts - 1), new(started, run.EndedAt, instance, error)];
    }
}
