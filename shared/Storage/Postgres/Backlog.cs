using System.Collections.Concurrent;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Where this process is in a queue that holds more than it takes at once. What lies before that is mostly leased or gone, and to
/// step over it again for every batch costs more than the batch. Every <see cref="Span"/> it begins at the oldest again: what was
/// accepted late or came back is there.
/// </summary>
internal sealed class Backlog(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, (long Position, long Since)> _reached = new(StringComparer.Ordinal);

    /// <summary>The position after which to look; 0: from the oldest.</summary>
    public long After(string queue) =>
        _reached.TryGetValue(queue, out var reached) && time.GetElapsedTime(reached.Since) < Span ? reached.Position : 0;

    /// <summary>Notes what was taken, of how many that were asked for, after which position.</summary>
    public void Took(string queue, int count, int asked, long last, long after)
    {
        if (count < asked)
            _reached.TryRemove(queue, out _);
        else
            _reached[queue] = (last, after > 0 && _reached.TryGetValue(queue, out var reached) ? reached.Since : time.GetTimestamp());
    }

    /// <summary>Begins at the oldest again: a message came back.</summary>
    public void Return(string queue) => _reached.TryRemove(queue, out _);
}
