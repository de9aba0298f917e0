using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>The timers of a file store.</summary>
internal sealed class FileScheduleStore(FileEngine engine, TimeProvider time) : IScheduleStore
{
    public ValueTask<ScheduleState?> GetAsync(string timer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(timer);
        return engine.ReadAsync(state => state.Schedule(timer), cancellationToken);
    }

    public ValueTask<IReadOnlyList<ScheduleState>> ListAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync(state => state.Schedules(), cancellationToken);

    public ValueTask<bool> TrySetAsync(ScheduleState state, ScheduleState? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(state.Timer, nameof(state));
        return engine.WriteAsync(
            (stored, _) =>
            {
                var entry = stored.DecideSchedule(state, expected);
                return Decision<bool>.Of(entry, entry is not null);
            },
            Durability.OfAll, cancellationToken);
    }

    public ValueTask<RunId?> TryClaimAsync(ScheduleClaim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        StorageNames.Check(claim.Message);
        if (claim.NewState.Timer != claim.Expected.Timer)
            throw new ArgumentException($"The claim reads timer {claim.Expected.Timer} and writes timer {claim.NewState.Timer}.", nameof(claim));
        var id = RunId.New(time);
        return engine.WriteAsync(
            (state, now) =>
            {
                var (entry, run) = state.DecideClaim(claim, id, now);
                return Decision<RunId?>.Of(entry, run);
            },
            Durability.OfAll, cancellationToken);
    }
}
