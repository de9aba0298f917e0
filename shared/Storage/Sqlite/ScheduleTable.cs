using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>What happens to timers, in SQL. Each method belongs to one transaction.</summary>
internal static class ScheduleTable
{
    private const string Replace =
        "update schedules set schedule = $2, last = $3, next = $4, updated_at = $5 where timer = $1 and next = $6 and ($7 is null or schedule = $7)";

    /// <returns>False: another state is stored than the expected one.</returns>
    public static bool TrySet(Work work, ScheduleState state, ScheduleState? expected) => expected is null
        ? work.Session.Any(ScheduleRow.Add, state.Timer, state.Schedule, state.Last, state.Next, state.LastUpdated)
        : Set(work, state, expected.Next, expected.Schedule);

    /// <summary>Stores the new state and accepts the message, if the occurrence is not claimed already.</summary>
    public static RunId? Claim(Work work, ScheduleClaim claim, RunId id, DateTimeOffset kept) =>
        Set(work, claim.NewState, claim.Expected.Next, schedule: null) ? MessageTable.Enqueue(work, claim.Message, id, kept).RunId : null;

    private static bool Set(Work work, ScheduleState state, DateTimeOffset next, string? schedule) => work.Session.Execute(
        Replace, state.Timer, state.Schedule, state.Last, state.Next, state.LastUpdated, next, schedule) > 0;
}
