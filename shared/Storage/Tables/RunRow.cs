using System.Data.Common;
using System.Text.Json;
using Ebb.Storage.Rules;

namespace Ebb.Storage.Tables;

/// <summary>
/// A run as it is read, in the same columns whether it still is a message or not: <see cref="Head"/>, the earlier attempts as JSON text,
/// <see cref="Tail"/>, then its state, what superseded it and whether its lease has lapsed.
/// </summary>
internal static class RunRow
{
    /// <summary>The columns before the attempts.</summary>
    public const string Head = "id, seq, function, trigger, queue, created_at, started_at, ended_at";

    /// <summary>The columns behind the attempts.</summary>
    public const string Tail =
        "instance, trace_parent, caller, idempotency_key, sequence_key, progress, result, error_type, error_message";

    private const int MaxAttempts = 20;

    public static Run Read(DbDataReader row)
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

    /// <summary>Attempts as they are stored; null for none.</summary>
    public static string? Write(IReadOnlyList<RunAttempt> attempts) =>
        attempts.Count == 0
            ? null
            : JsonSerializer.Serialize(attempts, AttemptsJson.Default.IReadOnlyListRunAttempt).Replace("\\u0000", "\\ufffd", StringComparison.Ordinal);

    // The attempt under way, and the one that ended a run, are in the row's own columns.
    private static IReadOnlyList<RunAttempt> Attempts(Run run, string? json, string? instance, bool lapsed)
    {
        IReadOnlyList<RunAttempt> earlier = json is null ? [] : JsonSerializer.Deserialize(json, AttemptsJson.Default.IReadOnlyListRunAttempt)!;
        if (instance is null || run.StartedAt is not { } started)
            return earlier;
        var error = lapsed || run.IsFinal ? run.Error : null;
        return [.. earlier.TakeLast(MaxAttempts - 1), new(started, run.EndedAt, instance, error)];
    }
}
