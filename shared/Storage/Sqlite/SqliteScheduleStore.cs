using Ebb.Storage.Rules;
using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>The timers of a SQLite store.</summary>
internal sealed class SqliteScheduleStore(SqliteEngine engine, TimeProvider time) : IScheduleStore
{
    public ValueTask<ScheduleState?> GetAsync(string timer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(timer);
        return engine.ReadAsync(work => work.Session.First(ScheduleRow.One, ScheduleRow.Read, timer), cancellationToken);
    }

    public ValueTask<IReadOnlyList<ScheduleState>> ListAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync<IReadOnlyList<ScheduleState>>(work => work.Session.Rows(ScheduleRow.All, ScheduleRow.Read), cancellationToken);

    public ValueTask<bool> TrySetAsync(ScheduleState state, ScheduleState? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(state.Timer, nameof(state));
        StoredText.Check(state.Schedule, "The schedule");
        return engine.WriteAsync(work => ScheduleTable.TrySet(work, state, expected), cancellationToken);
    }

    public ValueTask<RunId?> TryClaimAsync(ScheduleClaim claim, CancellationToken cancellationToken)
    {
        StorageNames.Check(claim);
        StoredText.Check(claim.Message);
        var id = RunId.New(time);
        return engine.WriteAsync(work => ScheduleTable.Claim(work, claim, id, engine.Kept(work)), cancellationToken);
    }
}
