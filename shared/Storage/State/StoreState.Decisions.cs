namespace Ebb.Storage.State;

internal sealed partial class StoreState
{
    /// <summary>A new message, or the run that already has its idempotency key.</summary>
    public (Enqueued? Entry, RunId Run) DecideEnqueue(EnqueueRequest request, RunId id, Instant now)
    {
        if (request.IdempotencyKey is { } key
            && _queues.TryGetValue(request.Queue, out var queue)
            && queue.IdempotencyKeys.TryGetValue(key, out var first))
        {
            return (null, first);
        }
        var run = new Run
        {
            Id = id,
            Function = request.Function,
            Trigger = request.Trigger,
            Queue = request.Queue,
            State = RunState.Queued,
            CreatedAt = now.Wall,
            TraceId = TraceParent.TraceId(request.TraceParent),
            Caller = request.Caller,
            IdempotencyKey = request.IdempotencyKey,
            SequenceKey = request.SequenceKey,
        };
        return (new(
            run, request.Body, now.Wall + request.Delay, request.Delay, request.SupersedesWaiting,
            request.TraceParent, request.TraceState), id);
    }

    /// <summary>Which messages are taken.</summary>
    public IReadOnlyList<Leased> DecideDequeue(DequeueRequest request, Instant now) =>
        !_queues.TryGetValue(request.Queue, out var queue)
            ? []
            : [.. queue.Ready.Take(request.MaxCount).Select(message => new Leased(
                message.Run.Run.Id, Guid.NewGuid(), request.Function, request.Instance, now.Wall, request.LeaseDuration))];

    /// <summary>The extension of a lease; null when it lapsed.</summary>
    public Renewed? DecideRenew(LeasedMessage lease, TimeSpan duration, Instant now) =>
        Holds(lease) ? new(lease.RunId, now.Wall, duration) : null;

    /// <summary>The end of an attempt; null when its lease lapsed.</summary>
    public Settled? DecideSettle(LeasedMessage lease, Settlement settlement, Instant now) =>
        !Holds(lease)
            ? null
            : settlement switch
            {
                Settlement.Succeeded it => new(lease.RunId, SettledAs.Succeeded, now.Wall, default, null, it.Result),
                Settlement.Failed it => new(lease.RunId, SettledAs.Failed, now.Wall, default, it.Error, it.Result),
                Settlement.Retried it => new(lease.RunId, SettledAs.Retried, now.Wall, it.Delay, it.Error, it.Result),
                Settlement.Poisoned it => new(lease.RunId, SettledAs.Poisoned, now.Wall, default, it.Error, it.Result),
                Settlement.Released it => new(lease.RunId, SettledAs.Released, now.Wall, it.Delay, null, null),
                _ => throw new ArgumentException($"{settlement.GetType().Name} is no known settlement.", nameof(settlement)),
            };

    /// <summary>The leases that are over; with <paramref name="all"/> every one, since their process is dead.</summary>
    public IReadOnlyList<Lapsed> DecideLapses(Instant now, bool all) =>
        _leased.Min is not { } first || (!all && first.Due > now.Monotonic)
            ? []
            : [.. _leased.TakeWhile(message => all || message.Due <= now.Monotonic).Select(message => new Lapsed(message.Run.Run.Id, now.Wall))];

    /// <summary>How many messages a redrive would move, and the entry; null when none.</summary>
    public (Redriven? Entry, int Count) DecideRedrive(string queue, RunId? id, Instant now)
    {
        var count = _queues.TryGetValue(queue, out var index) ? PoisonedOf(index, queue, id).Count : 0;
        return (count == 0 ? null : new(queue, id, now.Wall), count);
    }

    /// <summary>How many messages a purge would delete, and the entry; null when none.</summary>
    public (Purged? Entry, int Count) DecidePurge(string queue, bool poisoned, Instant now)
    {
        var count = _queues.TryGetValue(queue, out var index) ? Purgeable(index, poisoned).Count : 0;
        return (count == 0 ? null : new(queue, poisoned, now.Wall), count);
    }

    /// <summary>The state to store; null when another is stored than the expected one.</summary>
    public ScheduleSet? DecideSchedule(ScheduleState state, ScheduleState? expected)
    {
        var stored = Schedule(state.Timer);
        return stored?.Next == expected?.Next && stored?.Schedule == expected?.Schedule ? new(state) : null;
    }

    /// <summary>The claim and its run; nulls when the occurrence was claimed already.</summary>
    public (ScheduleClaimed? Entry, RunId? Run) DecideClaim(ScheduleClaim claim, RunId id, Instant now)
    {
        if (Schedule(claim.Expected.Timer) is not { } stored || stored.Next != claim.Expected.Next)
            return (null, null);
        var (message, run) = DecideEnqueue(claim.Message, id, now);
        return (new(claim.NewState, message), run);
    }

    /// <summary>The document to store; null when the expectation does not hold.</summary>
    public DocumentPut? DecidePut(string key, string value, long? expectedVersion, Instant now) =>
        Expected(key, expectedVersion) ? new(new(key, value, _documentVersion + 1, now.Wall)) : null;

    /// <summary>The deletion; null when the expectation does not hold or there is nothing to delete.</summary>
    public DocumentDeleted? DecideDelete(string key, long? expectedVersion) =>
        Document(key) is not null && Expected(key, expectedVersion) ? new(key) : null;

    /// <summary>The run to store; null when the stored one is final already.</summary>
    public RunRecorded? DecideRecord(Run run)
    {
        var stored = Run(run.Id);
        if (stored?.Queue is not null)
            throw new ArgumentException($"Run {run.Id} is carried by queue {stored.Queue}; only its settlement changes it.", nameof(run));
        return stored is { IsFinal: true } ? null : new(run);
    }

    /// <summary>The progress to store; null when the run is not live.</summary>
    public ProgressReported? DecideProgress(RunId id, string progress) =>
        Run(id) is { IsFinal: false } ? new(id, progress) : null;

    /// <summary>What retention drops now; null when nothing.</summary>
    public RunsDropped? DecideDrops(TimeSpan retention, int maxRuns, Instant now)
    {
        var count = Math.Max(0, _runs.EndedCount - maxRuns);
        if (count == 0 && !IsOver(_runs.FirstEnded, retention, now))
            return null;
        count += _runs.Ended.Skip(count).TakeWhile(entry => IsOver(entry, retention, now)).Count();
        return new(count);
    }

    private static bool IsOver(RunEntry? entry, TimeSpan retention, Instant now) => entry?.Run.EndedAt + retention <= now.Wall;

    /// <summary>
    /// The runs without a message that a process left behind when it died: they end failed. RabbitMQ delivers its messages again, and
    /// with them their runs go on.
    /// </summary>
    public IReadOnlyList<RunRecorded> DecideOrphans(Instant now) =>
        [.. _runs.Live.Where(entry => entry.Message is null && entry.Run.Trigger is not TriggerKind.RabbitMQ).Select(entry => new RunRecorded(entry.Run with
        {
            State = RunState.Failed,
            EndedAt = now.Wall,
            Error = RunErrors.HostStopped,
        }))];

    private bool Holds(LeasedMessage lease) =>
        _runs.Find(lease.RunId)?.Message is { Place: MessagePlace.Leased } message && message.LeaseToken == lease.LeaseToken;

    private bool Expected(string key, long? version) => version is null || (Document(key)?.Version ?? 0) == version;
}
