namespace Ebb.Storage.State;

internal sealed partial class StoreState
{
    public Run? Run(RunId id) => _runs.Find(id)?.Run;

    public IReadOnlyList<Run> Runs(RunQuery query) => _runs.List(query);

    public ScheduleState? Schedule(string timer) => _schedules.GetValueOrDefault(timer);

    public IReadOnlyList<ScheduleState> Schedules() => [.. _schedules.Values.OrderBy(state => state.Timer, StringComparer.Ordinal)];

    public IReadOnlyList<FunctionSummary> Summaries() => _runs.Summaries();

    public Document? Document(string key) => _documents.TryGetValue(Probe(key), out var document) ? document : null;

    /// <summary>Keys are ASCII, so the last character of that sorts behind all that begin with the prefix.</summary>
    public IReadOnlyList<Document> Documents(string prefix) =>
        [.. _documents.GetViewBetween(Probe(prefix), Probe(prefix + '\x7f'))];

    public bool HasReady(string queue) => _queues.TryGetValue(queue, out var index) && index.Ready.Count > 0;

    public QueueCounts Counts(string queue) =>
        !_queues.TryGetValue(queue, out var index)
            ? new(0, 0, 0, 0, null)
            : new(
                index.Ready.Count,
                index.Live.Count - index.Ready.Count - index.Running,
                index.Running,
                index.Poisoned.Count,
                index.Ready.Min?.Run.Run.CreatedAt);

    public IReadOnlyList<PeekedMessage> Peek(string queue, bool poisoned, int maxCount) =>
        !_queues.TryGetValue(queue, out var index)
            ? []
            : [.. (poisoned ? index.Poisoned : index.Live).Take(maxCount).Select(message => new PeekedMessage(
                message.Run.Run.Id, message.Body, message.Run.Run.CreatedAt, message.VisibleAt, message.DequeueCount,
                message.Run.Run.State, message.Run.Run.Error))];

    /// <summary>The message of a lease that was just applied.</summary>
    public LeasedMessage Lease(RunId id)
    {
        var message = _runs.Find(id)!.Message!;
        var run = message.Run.Run;
        return new()
        {
            RunId = id,
            Queue = run.Queue!,
            Body = message.Body,
            DequeueCount = message.DequeueCount,
            LeaseToken = message.LeaseToken,
            LeaseExpiresAt = message.LeaseExpiresAt,
            EnqueuedAt = run.CreatedAt,
            Trigger = run.Trigger,
            SequenceKey = run.SequenceKey,
            TraceParent = message.TraceParent,
            TraceState = message.TraceState,
            Caller = run.Caller,
        };
    }
}
