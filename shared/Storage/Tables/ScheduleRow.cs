using System.Data.Common;

namespace Ebb.Storage.Tables;

/// <summary>The states of timers as they are read and set.</summary>
internal static class ScheduleRow
{
    public const string One = Columns + " where timer = $1";

    public const string All = Columns + " order by timer";

    /// <summary>Stores the first state of a timer ($1 to $5, in the columns' order); a row comes back when there was none.</summary>
    public const string Add =
        "insert into schedules (timer, schedule, last, next, updated_at) values ($1, $2, $3, $4, $5) on conflict do nothing returning 1";

    private const string Columns = "select timer, schedule, last, next, updated_at from schedules";

    public static ScheduleState Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TimeOrNull(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4));
}
