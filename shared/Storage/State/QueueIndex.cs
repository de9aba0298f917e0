namespace Ebb.Storage.State;

/// <summary>One queue: its messages in order, and which of them can be taken.</summary>
internal sealed class QueueIndex
{
    private readonly Dictionary<string, SortedSet<Message>> _sequences = [];

    /// <summary>Every message that is not poisoned.</summary>
    public SortedSet<Message> Live { get; } = new(Message.ByOrder);

    public SortedSet<Message> Ready { get; } = new(Message.ByOrder);

    public SortedSet<Message> Poisoned { get; } = new(Message.ByOrder);

    public Dictionary<string, RunId> IdempotencyKeys { get; } = [];

    public int Running { get; set; }

    public bool IsEmpty => Live.Count == 0 && Poisoned.Count == 0 && IdempotencyKeys.Count == 0;

    public void Add(Message message)
    {
        Live.Add(message);
        if (message.SequenceKey is not { } key)
            return;
        if (!_sequences.TryGetValue(key, out var sequence))
            _sequences[key] = sequence = new(Message.ByOrder);
        sequence.Add(message);
    }

    public void Remove(Message message)
    {
        Live.Remove(message);
        if (message.SequenceKey is { } key && _sequences.TryGetValue(key, out var sequence))
        {
            sequence.Remove(message);
            if (sequence.Count == 0)
                _sequences.Remove(key);
        }
    }

    /// <summary>The message of a sequence that may run; null when there is none.</summary>
    public Message? Head(string sequenceKey) => _sequences.TryGetValue(sequenceKey, out var sequence) ? sequence.Min : null;

    public IReadOnlyCollection<Message> Sequence(string key) =>
        _sequences.TryGetValue(key, out var sequence) ? sequence : [];
}
