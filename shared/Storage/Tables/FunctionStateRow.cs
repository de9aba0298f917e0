using System.Data.Common;

namespace Ebb.Storage.Tables;

/// <summary>The runs of one function in one state.</summary>
internal sealed record FunctionStateRow(string Function, RunState State, int Count, DateTimeOffset? LastEndedAt, TimeSpan? LastDuration)
{
    public static FunctionStateRow Read(DbDataReader row) => new(
        row.GetString(0), (RunState)row.GetInt32(1), (int)row.GetInt64(2), row.TimeOrNull(3), row.IsDBNull(4) ? null : TimeSpan.FromMicroseconds(row.GetInt64(4)));

    public static FunctionSummary Summarize(IGrouping<string, FunctionStateRow> rows)
    {
        var last = rows.Where(row => row.State is RunState.Succeeded or RunState.Failed or RunState.Poisoned).MaxBy(row => row.LastEndedAt);
        return new(
            rows.Key,
            rows.ToDictionary(row => row.State, row => row.Count),
            rows.FirstOrDefault(row => row.State == RunState.Succeeded)?.LastEndedAt,
            rows.Where(row => row.State is RunState.Failed or RunState.Poisoned).Max(row => row.LastEndedAt),
            last?.LastDuration);
    }
}
