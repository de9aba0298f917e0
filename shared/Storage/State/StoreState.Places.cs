namespace Ebb.Storage.State;

internal sealed partial class StoreState
{
    /// <summary>Puts a message that is in its queue but in no index where it belongs.</summary>
    private void Place(Message message, Instant now)
    {
        var name = message.Run.Run.Queue!;
        var queue = Queue(name);
        if (message.SequenceKey is { } key && queue.Head(key) != message)
        {
            message.Place = MessagePlace.Blocked;
        }
        else if (message.Due > now.Monotonic)
        {
            message.Place = MessagePlace.Delayed;
            _delayed.Add(message);
        }
        else
        {
            message.Place = MessagePlace.Ready;
            queue.Ready.Add(message);
            WokenQueues.Add(name);
        }
    }

    private void PlaceLeased(Message message)
    {
        message.Place = MessagePlace.Leased;
        _leased.Add(message);
        Queue(message.Run.Run.Queue!).Running++;
    }

    /// <summary>Takes a message out of the index it is in.</summary>
    private void Detach(Message message)
    {
        var queue = Queue(message.Run.Run.Queue!);
        switch (message.Place)
        {
            case MessagePlace.Ready:
                queue.Ready.Remove(message);
                break;
            case MessagePlace.Delayed:
                _delayed.Remove(message);
                break;
            case MessagePlace.Leased:
                _leased.Remove(message);
                queue.Running--;
                message.LeaseToken = Guid.Empty;
                break;
            case MessagePlace.Poisoned:
                queue.Poisoned.Remove(message);
                break;
            default:
                break;
        }
        message.Place = MessagePlace.Nowhere;
    }

    /// <summary>Takes a message out of its queue and lets its successor move up.</summary>
    private void Leave(Message message, Instant now)
    {
        var queue = Queue(message.Run.Run.Queue!);
        Detach(message);
        queue.Remove(message);
        if (message.SequenceKey is not { } key)
            return;
        LetPass(queue, key, now);
        if (queue.Head(key) is { Place: MessagePlace.Blocked } next)
            Place(next, now);
    }

    private static void DelayUntil(Message message, DateTimeOffset visibleAt, TimeSpan delay, Instant now)
    {
        message.VisibleAt = visibleAt;
        message.Delay = delay;
        message.Due = now.Due(visibleAt, delay);
    }

    /// <summary>Deletes a message and ends its run.</summary>
    private void Finish(Message message, Run run, Instant now)
    {
        Leave(message, now);
        message.Run.Message = null;
        End(message.Run, run);
    }
}
