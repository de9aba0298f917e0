using Ebb.Storage.Rules;

namespace Ebb.Storage.Postgres.Sql;

/// <summary>Parts that several statements share. <c>m</c> is a row of messages.</summary>
internal static class Rows
{
    /// <summary>The moment: every statement's first parameter, or the server's clock.</summary>
    public const string Now = DatabaseClock.Sql;

    /// <summary>The columns of runs that a message's row brings along.</summary>
    public const string Moved =
        "id, seq, queue, trigger, created_at, awaited, function, sequence_key, idempotency_key, trace_parent, caller, progress";

    /// <summary>What of a message's row becomes its run's; the body is not for everybody who ends one.</summary>
    public const string Left =
        "m.id, m.seq, m.queue, m.trigger, m.created_at, m.awaited, m.function, m.sequence_key, m.idempotency_key, m.trace_parent, m.caller, m.progress, "
        + "m.started_at, m.lease_token, m.instance, m.attempts, m.error_type, m.error_message, m.result";

    public static readonly string LapsedType = $"'{RunErrors.LeaseLapsed.Type}'";
    public static readonly string LapsedMessage = $"'{RunErrors.LeaseLapsed.Message.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The attempts with the one added that died with its lease.</summary>
    public static readonly string AttemptsWithLapsed = Appended("null::timestamptz", LapsedType, LapsedMessage);

    /// <summary>The attempts with the current one added; the newest 20 are kept.</summary>
    public static string Appended(string endedAt, string errorType, string errorMessage) =>
        $"""
        (case when jsonb_array_length(m.attempts) >= 20 then m.attempts - 0 else coalesce(m.attempts, '[]') end || jsonb_build_object(
            'startedAt', m.started_at, 'endedAt', {endedAt}, 'instance', m.instance,
            'error', case when {errorType} is not null then jsonb_build_object('type', {errorType}, 'message', {errorMessage}) end))
        """;
}
