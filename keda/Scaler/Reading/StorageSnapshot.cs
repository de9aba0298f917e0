using Ebb.Storage;

namespace Ebb.Scaler.Reading;

/// <summary>What host storage said in one read.</summary>
/// <param name="Queues">The queues that were asked for.</param>
/// <param name="Timers">Every timer that is registered, by function.</param>
internal sealed record StorageSnapshot(IReadOnlyDictionary<string, QueueCounts> Queues, IReadOnlyDictionary<string, ScheduleState> Timers);
