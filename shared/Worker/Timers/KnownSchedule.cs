using Ebb.Storage;

namespace Ebb.Worker.Timers;

/// <summary>
/// The state of a timer as it was read last. While it says that nothing is due, host storage is not asked: many replicas with many
/// timers would ask for the same again and again. Only an edited schedule of another version changes it earlier, and that version
/// looks after its own; so a few minutes, not the same few in every replica, are soon enough.
/// </summary>
internal sealed class KnownSchedule(TimeProvider time)
{
    private static readonly TimeSpan ShortestTrust = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Spread = TimeSpan.FromMinutes(2);

    private ScheduleState? _state;
    private long _readAt;
    private TimeSpan _trust;

    /// <summary>The state; null when it has to be read.</summary>
    public ScheduleState? State => _state is not null && time.GetElapsedTime(_readAt) < _trust ? _state : null;

    public void Read(ScheduleState? state)
    {
        (_state, _readAt) = (state, time.GetTimestamp());
        _trust = ShortestTrust + Random.Shared.NextDouble() * Spread;
    }

    public void Forget() => _state = null;
}
