using Ebb.Storage;

namespace Ebb.Scaler.Metadata;

/// <summary>A timer as the ScaledObject names it.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="StoredSchedule">Schedule and zone as the worker stores them.</param>
internal sealed record ScaledTimer(string Function, string StoredSchedule)
{
    public string Queue { get; } = ScheduleState.QueueOf(Function);
}
