using Ebb.Storage.Tables;
using Microsoft.Data.Sqlite;

namespace Ebb.Storage.Sqlite;

/// <summary>The runs of one function in one state, and which of them ended last: its number, of one that still is a message with a minus.</summary>
internal sealed record FunctionCount(string Function, RunState State, int Count, DateTimeOffset? LastEndedAt, long LastSeq)
{
    public static FunctionCount Read(SqliteDataReader row) => new(
        row.GetString(0), (RunState)row.GetInt32(1), (int)row.GetInt64(2), row.TimeOrNull(3), row.GetInt64(4));

    public static FunctionSummary Summarize(IGrouping<string, FunctionCount> counts, Func<long, Run?> find)
    {
        // A redriven or HTTP run may be in both halves of what is counted.
        var runs = counts.GroupBy(count => count.State).ToDictionary(state => state.Key, state => state.Sum(count => count.Count));
        var last = counts.Where(count => count.State is RunState.Succeeded or RunState.Failed or RunState.Poisoned).MaxBy(count => count.LastEndedAt);
        var attempt = last is null ? null : find(last.LastSeq)?.Attempts is [.., var final] ? final : null;
        return new(
            counts.Key,
            runs,
            counts.Where(count => count.State == RunState.Succeeded).Max(count => count.LastEndedAt),
            counts.Where(count => count.State is RunState.Failed or RunState.Poisoned).Max(count => count.LastEndedAt),
            attempt?.EndedAt - attempt?.StartedAt);
    }
}
