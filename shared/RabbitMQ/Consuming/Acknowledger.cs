using RabbitMQ.Client;

namespace Ebb.RabbitMq.Consuming;

/// <summary>
/// Settles the deliveries of one channel. What is ready while an acknowledgement is being written is settled with the next: the
/// deliveries from the oldest on at once, those after a gap one by one.
/// </summary>
internal sealed class Acknowledger(IChannel channel, Action<Exception> lost)
{
    private readonly Lock _gate = new();

    /// <summary>Deliveries in the order of their tags, from the oldest that is not settled.</summary>
    private readonly Queue<ulong> _delivered = new();

    /// <summary>Deliveries after a gap that were settled one by one.</summary>
    private readonly HashSet<ulong> _passed = [];
    private HashSet<ulong> _done = [];
    private List<ulong> _returned = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    public void Delivered(ulong tag)
    {
        lock (_gate)
        {
            _delivered.Enqueue(tag);
        }
    }

    public void Acknowledge(ulong tag) => Settle(tag, static (self, settled) => self._done.Add(settled));

    /// <summary>Gives a delivery back to the broker, which delivers it again at once.</summary>
    public void Return(ulong tag) => Settle(tag, static (self, settled) => self._returned.Add(settled));

    /// <summary>Completes when everything settled so far is written.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            return _writing;
        }
    }

    private void Settle(ulong tag, Action<Acknowledger, ulong> note)
    {
        lock (_gate)
        {
            note(this, tag);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAsync);
            }
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (Take() is { } batch)
            {
                // Before the acknowledgement that would cover them too.
                foreach (var tag in batch.Returned)
                {
                    await channel.BasicNackAsync(tag, multiple: false, requeue: true);
                }

                if (batch.UpTo is { } last)
                {
                    await channel.BasicAckAsync(last, multiple: true);
                }

                foreach (var tag in batch.Single)
                {
                    await channel.BasicAckAsync(tag, multiple: false);
                }
            }
        }
        catch (Exception e)
        {
            // The channel is gone and its tags with it; the broker delivers those messages again.
            lost(e);
        }
    }

    private Batch? Take()
    {
        lock (_gate)
        {
            if (_done.Count == 0 && _returned.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            var (done, returned) = (_done, _returned);
            (_done, _returned) = ([], []);
            _passed.UnionWith(returned);
            ulong? upTo = null;
            while (_delivered.TryPeek(out var tag) && (done.Contains(tag) || _passed.Contains(tag)))
            {
                _delivered.Dequeue();
                upTo = done.Remove(tag) ? tag : upTo;
                _passed.Remove(tag);
            }

            _passed.UnionWith(done);
            return new(returned, upTo, done);
        }
    }

    private sealed record Batch(IReadOnlyCollection<ulong> Returned, ulong? UpTo, IReadOnlyCollection<ulong> Single);
}
