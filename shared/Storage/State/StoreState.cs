namespace Ebb.Storage.State;

/// <summary>
/// What host storage holds, in memory. An operation is first decided (<c>Decide…</c> changes nothing), then written to
/// the journal, then applied; opening the journal applies the same entries again. Neither threads nor I/O are known here.
/// </summary>
internal sealed partial class StoreState
{
    private const int MaxAttempts = 20;

    private readonly Dictionary<string, QueueIndex> _queues = [];
    private readonly SortedSet<Message> _delayed = new(Message.ByDue);
    private readonly SortedSet<Message> _leased = new(Message.ByDue);
    private readonly RunIndex _runs = new();
    private long _nextOrder = 1;
    private long _nextEnd = 1;

    /// <summary>The queues that got a message ready since the last look.</summary>
    public HashSet<string> WokenQueues { get; } = [];

    /// <summary>The runs that reached a final state since the last look.</summary>
    public List<RunId> EndedRuns { get; } = [];

    /// <summary>The monotonic time at which a message becomes visible or a lease lapses; null when nothing is timed.</summary>
    public TimeSpan? NextDue => (_delayed.Min, _leased.Min) switch
    {
        (null, null) => null,
        ({ } delayed, null) => delayed.Due,
        (null, { } leased) => leased.Due,
        ({ } delayed, { } leased) => delayed.Due < leased.Due ? delayed.Due : leased.Due,
    };

    /// <summary>Applies an entry that was decided against this very state.</summary>
    public void Apply(JournalEntry entry, Instant now)
    {
        switch (entry)
        {
            case Enqueued enqueued: Apply(enqueued, now); break;
            case Leased leased: Apply(leased, now); break;
            case Renewed renewed: Apply(renewed, now); break;
            case Lapsed lapsed: Apply(lapsed, now); break;
            case Settled settled: Apply(settled, now); break;
            case Redriven redriven: Apply(redriven, now); break;
            case Purged purged: Apply(purged, now); break;
            case ScheduleSet set: _schedules[set.State.Timer] = set.State; break;
            case ScheduleClaimed claimed: Apply(claimed, now); break;
            case DocumentPut put: Apply(put); break;
            case DocumentDeleted deleted: Apply(deleted); break;
            case RunRecorded recorded: Apply(recorded); break;
            case ProgressReported progress: Apply(progress); break;
            case RunsDropped dropped: Apply(dropped); break;
            case Closed: break;
            case Counters counters: Apply(counters); break;
            case RunRestored restored: Apply(restored, now); break;
            default: throw new InvalidOperationException($"no way to apply {entry.GetType().Name}");
        }
    }

    /// <summary>Makes the delayed messages ready whose time has come.</summary>
    public void Advance(Instant now)
    {
        while (_delayed.Min is { } message && message.Due <= now.Monotonic)
        {
            Detach(message);
            Place(message, now);
        }
    }

    private QueueIndex Queue(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues[name] = queue = new();
        return queue;
    }

    private void End(RunEntry entry, Run run)
    {
        _runs.Update(entry, run);
        _runs.End(entry, _nextEnd++);
        EndedRuns.Add(run.Id);
    }
}
