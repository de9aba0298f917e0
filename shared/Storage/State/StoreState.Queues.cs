namespace Ebb.Storage.State;

internal sealed partial class StoreState
{
    private void Apply(Enqueued enqueued, Instant now)
    {
        var entry = new RunEntry(enqueued.Run, _nextOrder++);
        var message = new Message(entry, enqueued.Body, entry.Order)
        {
            TraceParent = enqueued.TraceParent,
            TraceState = enqueued.TraceState,
        };
        DelayUntil(message, enqueued.VisibleAt, enqueued.Delay, now);
        entry.Message = message;
        _runs.Add(entry);
        var queue = Queue(enqueued.Run.Queue!);
        if (enqueued.Run.IdempotencyKey is { } key)
            queue.IdempotencyKeys[key] = enqueued.Run.Id;
        if (enqueued.Supersedes)
            Supersede(queue, enqueued.Run, now);
        queue.Add(message);
        if (enqueued.Run.SequenceKey is { } sequence)
            LetPass(queue, sequence, now);
        if (message.Place == MessagePlace.Nowhere)
            Place(message, now);
    }

    /// <summary>
    /// Postponed messages before the first that is not go to the end when that one can run sooner. By what the entries say, not by the places,
    /// which depend on when the journal is read.
    /// </summary>
    private void LetPass(QueueIndex queue, string sequence, Instant now)
    {
        var leading = queue.Sequence(sequence).TakeWhile(message => message.Postponed).ToList();
        if (leading.Count == 0 || queue.Sequence(sequence).Skip(leading.Count).FirstOrDefault() is not { } first)
            return;
        foreach (var message in leading.Where(message => message.Place != MessagePlace.Leased && message.VisibleAt > first.VisibleAt))
        {
            Detach(message);
            queue.Remove(message);
            message.Order = _nextOrder++;
            message.Place = MessagePlace.Blocked;
            queue.Add(message);
        }
        if (queue.Head(sequence) is { Place: MessagePlace.Blocked or MessagePlace.Nowhere } next)
            Place(next, now);
    }

    private static bool IsPassed(QueueIndex queue, Message head, DateTimeOffset visibleAt) =>
        head.SequenceKey is not { } key || (queue.Sequence(key).Skip(1).FirstOrDefault() is { } next && next.VisibleAt < visibleAt);

    private void Supersede(QueueIndex queue, Run newer, Instant now)
    {
        var waiting = queue.Sequence(newer.SequenceKey!).Where(message => message.Place != MessagePlace.Leased).ToList();
        // From the end, so that none of them moves up only to be ended next.
        waiting.Reverse();
        foreach (var message in waiting)
        {
            Finish(message, message.Run.Run with
            {
                State = RunState.Superseded,
                EndedAt = newer.CreatedAt,
                SupersededBy = newer.Id,
            }, now);
        }
    }

    private void Apply(Leased leased, Instant now)
    {
        var entry = _runs.Find(leased.Id)!;
        var message = entry.Message!;
        Detach(message);
        message.DequeueCount++;
        message.Postponed = false;
        message.LeaseToken = leased.Token;
        Extend(message, leased.At, leased.Duration, now);
        PlaceLeased(message);
        _runs.Update(entry, entry.Run with
        {
            Function = leased.Function,
            State = RunState.Running,
            StartedAt = leased.At,
            Progress = null,
            Attempts = [.. entry.Run.Attempts.TakeLast(MaxAttempts - 1), new RunAttempt(leased.At, null, leased.Instance, null)],
        });
    }

    private void Apply(Renewed renewed, Instant now)
    {
        var message = _runs.Find(renewed.Id)!.Message!;
        // Due is what the index is sorted by: out, changed, in again.
        _leased.Remove(message);
        Extend(message, renewed.At, renewed.Duration, now);
        _leased.Add(message);
    }

    private static void Extend(Message message, DateTimeOffset at, TimeSpan duration, Instant now)
    {
        message.LeaseExpiresAt = at + duration;
        message.LeaseDuration = duration;
        message.Due = now.Due(message.LeaseExpiresAt, duration);
    }

    private void Apply(Lapsed lapsed, Instant now)
    {
        var entry = _runs.Find(lapsed.Id)!;
        var error = RunErrors.LeaseLapsed;
        Requeue(entry, entry.Run with
        {
            State = RunState.Queued,
            Error = error,
            Attempts = WithLast(entry.Run, attempt => attempt with { Error = error }),
        }, lapsed.At, TimeSpan.Zero, now);
    }

    private void Apply(Settled settled, Instant now)
    {
        var entry = _runs.Find(settled.Id)!;
        if (settled.As == SettledAs.Released)
        {
            Release(entry, settled.At, settled.Delay, now);
            return;
        }
        var run = entry.Run with
        {
            Error = settled.Error,
            Result = settled.Result,
            Attempts = WithLast(entry.Run, attempt => attempt with { EndedAt = settled.At, Error = settled.Error }),
        };
        switch (settled.As)
        {
            case SettledAs.Retried:
                Requeue(entry, run with { State = RunState.Queued }, settled.At, settled.Delay, now);
                break;
            case SettledAs.Poisoned:
                Poison(entry, run with { State = RunState.Poisoned, EndedAt = settled.At }, now);
                break;
            default:
                var state = settled.As == SettledAs.Succeeded ? RunState.Succeeded : RunState.Failed;
                Finish(entry.Message!, run with { State = state, EndedAt = settled.At }, now);
                break;
        }
    }

    private void Release(RunEntry entry, DateTimeOffset at, TimeSpan delay, Instant now)
    {
        entry.Message!.DequeueCount--;
        IReadOnlyList<RunAttempt> attempts = [.. entry.Run.Attempts.SkipLast(1)];
        var started = attempts.Count == 0 ? (DateTimeOffset?)null : attempts[^1].StartedAt;
        var run = entry.Run with { State = RunState.Queued, Attempts = attempts, StartedAt = started };
        entry.Message!.Postponed = delay > TimeSpan.Zero;
        if (delay > TimeSpan.Zero && IsPassed(Queue(run.Queue!), entry.Message, at + delay))
            GoBehind(entry, run, at, delay, now);
        else
            Requeue(entry, run, at, delay, now);
        if (run.SequenceKey is { } key)
            LetPass(Queue(run.Queue!), key, now);
    }

    /// <summary>One that waits for something else does not hold up the next of its sequence when that can run sooner.</summary>
    private void GoBehind(RunEntry entry, Run run, DateTimeOffset at, TimeSpan delay, Instant now)
    {
        var message = entry.Message!;
        Leave(message, now);
        message.Order = _nextOrder++;
        DelayUntil(message, at + delay, delay, now);
        _runs.Update(entry, run);
        Queue(run.Queue!).Add(message);
        Place(message, now);
    }

    private void Requeue(RunEntry entry, Run run, DateTimeOffset at, TimeSpan delay, Instant now)
    {
        var message = entry.Message!;
        Detach(message);
        DelayUntil(message, at + delay, delay, now);
        _runs.Update(entry, run);
        Place(message, now);
    }

    private void Poison(RunEntry entry, Run run, Instant now)
    {
        var message = entry.Message!;
        Leave(message, now);
        message.Order = _nextOrder++;
        message.Place = MessagePlace.Poisoned;
        Queue(run.Queue!).Poisoned.Add(message);
        _runs.Update(entry, run);
        EndedRuns.Add(run.Id);
    }

    private void Apply(Redriven redriven, Instant now)
    {
        var queue = Queue(redriven.Queue);
        foreach (var message in PoisonedOf(queue, redriven.Queue, redriven.Id))
        {
            Detach(message);
            message.Order = _nextOrder++;
            message.DequeueCount = 0;
            DelayUntil(message, redriven.At, TimeSpan.Zero, now);
            _runs.Update(message.Run, message.Run.Run with { State = RunState.Queued, EndedAt = null });
            queue.Add(message);
            Place(message, now);
        }
    }

    private IReadOnlyCollection<Message> PoisonedOf(QueueIndex queue, string name, RunId? id)
    {
        if (id is null)
            return [.. queue.Poisoned];
        return _runs.Find(id.Value) is { Message: { Place: MessagePlace.Poisoned } message, Run.Queue: { } stored } && stored == name
            ? [message]
            : [];
    }

    private void Apply(Purged purged, Instant now)
    {
        var queue = Queue(purged.Queue);
        foreach (var message in Purgeable(queue, purged.Poisoned))
        {
            var run = message.Run.Run with { State = RunState.Failed, EndedAt = message.Run.Run.EndedAt ?? purged.At };
            if (!purged.Poisoned)
                run = run with { Error = RunErrors.Purged(purged.Queue) };
            Finish(message, run, now);
        }
    }

    /// <summary>Last first, so that none moves up only to be deleted next.</summary>
    private static List<Message> Purgeable(QueueIndex queue, bool poisoned) =>
        poisoned
            ? [.. queue.Poisoned.Reverse()]
            : [.. queue.Live.Reverse().Where(message => message.Place != MessagePlace.Leased)];

    private static IReadOnlyList<RunAttempt> WithLast(Run run, Func<RunAttempt, RunAttempt> change) =>
        run.Attempts.Count == 0 ? run.Attempts : [.. run.Attempts.SkipLast(1), change(run.Attempts[^1])];
}
