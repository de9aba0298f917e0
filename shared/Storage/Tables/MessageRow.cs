using System.Data.Common;

namespace Ebb.Storage.Tables;

/// <summary>Messages as they are read: taken, or only looked at.</summary>
internal static class MessageRow
{
    /// <summary>The columns of a message that was taken.</summary>
    public const string Taken =
        "id, position, queue, body, dequeue_count, lease_until, created_at, trigger, sequence_key, trace_parent, trace_state, caller";

    /// <summary>The message in the reader's row of <see cref="Taken"/>.</summary>
    public static LeasedMessage ReadTaken(DbDataReader reader, Guid token) => new()
    {
        RunId = new(reader.GetGuid(0)),
        Queue = reader.GetString(2),
        Body = reader.GetString(3),
        DequeueCount = reader.GetInt32(4),
        LeaseToken = token,
        LeaseExpiresAt = reader.GetFieldValue<DateTimeOffset>(5),
        EnqueuedAt = reader.GetFieldValue<DateTimeOffset>(6),
        Trigger = (TriggerKind)reader.GetInt16(7),
        SequenceKey = reader.TextOrNull(8),
        TraceParent = reader.TextOrNull(9),
        TraceState = reader.TextOrNull(10),
        Caller = reader.TextOrNull(11),
    };

    /// <summary>The message in a row of id, body, created_at, visible_at, dequeue_count, state, error_type and error_message.</summary>
    public static PeekedMessage ReadPeeked(DbDataReader row) => new(
        new(row.GetGuid(0)), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetInt32(4),
        (RunState)row.GetInt32(5), row.ErrorOrNull(6));
}
