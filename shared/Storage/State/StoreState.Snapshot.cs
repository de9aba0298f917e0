namespace Ebb.Storage.State;

internal sealed partial class StoreState
{
    /// <summary>The entries that make an empty state this one. They share nothing with it that may change.</summary>
    public IReadOnlyList<JournalEntry> Snapshot()
    {
        List<JournalEntry> entries = [new Counters(_nextOrder, _nextEnd, _documentVersion)];
        entries.AddRange(_schedules.Values.Select(state => new ScheduleSet(state)));
        entries.AddRange(_documents.Select(document => new DocumentPut(document)));
        entries.AddRange(_runs.All.Select(entry => new RunRestored(
            entry.Run, entry.Order, entry.EndOrder, entry.Message is { } message ? Snapshot(message) : null)));
        return entries;
    }

    /// <summary>About how long <see cref="Snapshot()"/> is in the journal.</summary>
    public long EstimateBytes()
    {
        const int PerRecord = 200;
        const int PerAttempt = 150;
        var documents = _documents.Sum(document => (long)PerRecord + document.Key.Length + document.Value.Length);
        var runs = _runs.All.Sum(entry =>
            (2L * PerRecord) + (PerAttempt * entry.Run.Attempts.Count) + (entry.Run.Result?.Length ?? 0)
            + (entry.Run.Error?.Message.Length ?? 0) + (entry.Message is { } message ? PerRecord + message.Body.Length : 0L));
        return documents + runs + ((long)PerRecord * _schedules.Count);
    }

    private static MessageSnapshot Snapshot(Message message)
    {
        var lease = message.Place == MessagePlace.Leased
            ? new LeaseSnapshot(message.LeaseToken, message.LeaseExpiresAt, message.LeaseDuration)
            : null;
        return new(
            message.Body, message.Order, message.VisibleAt, message.Delay, message.DequeueCount, lease,
            message.TraceParent, message.TraceState, message.Postponed);
    }

    private void Apply(Counters counters)
    {
        _nextOrder = counters.NextOrder;
        _nextEnd = counters.NextEnd;
        _documentVersion = counters.DocumentVersion;
    }

    private void Apply(RunRestored restored, Instant now)
    {
        var entry = new RunEntry(restored.Run, restored.Order);
        _runs.Add(entry);
        if (restored.Run is { Queue: { } name, IdempotencyKey: { } key })
            Queue(name).IdempotencyKeys[key] = restored.Run.Id;
        if (restored.EndOrder is { } endOrder)
            _runs.End(entry, endOrder);
        if (restored.Message is { } message)
            Restore(entry, message, now);
    }

    private void Restore(RunEntry entry, MessageSnapshot snapshot, Instant now)
    {
        var message = new Message(entry, snapshot.Body, snapshot.Order)
        {
            DequeueCount = snapshot.DequeueCount,
            Postponed = snapshot.Postponed,
            TraceParent = snapshot.TraceParent,
            TraceState = snapshot.TraceState,
        };
        entry.Message = message;
        DelayUntil(message, snapshot.VisibleAt, snapshot.Delay, now);
        var queue = Queue(entry.Run.Queue!);
        if (entry.Run.State == RunState.Poisoned)
        {
            message.Place = MessagePlace.Poisoned;
            queue.Poisoned.Add(message);
            return;
        }
        queue.Add(message);
        UnseatSuccessor(queue, message);
        if (snapshot.Lease is { } lease)
        {
            message.LeaseToken = lease.Token;
            Extend(message, lease.ExpiresAt - lease.Duration, lease.Duration, now);
            PlaceLeased(message);
            return;
        }
        Place(message, now);
    }

    /// <summary>Runs are restored by creation, but a redriven message stands behind younger ones of its sequence.</summary>
    private void UnseatSuccessor(QueueIndex queue, Message message)
    {
        if (message.SequenceKey is not { } key || queue.Head(key) != message)
            return;
        if (queue.Sequence(key).Skip(1).FirstOrDefault() is not { Place: MessagePlace.Ready or MessagePlace.Delayed } successor)
            return;
        Detach(successor);
        successor.Place = MessagePlace.Blocked;
    }
}
