namespace Ebb.Worker;

/// <summary>Ever longer pauses, from 100 ms to 5 s, while a server that a listener needs is in trouble. Not for several threads at once.</summary>
/// <param name="time">The clock.</param>
public sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    /// <summary>The trouble is over: the next pause is the shortest again.</summary>
    public void Reset() => _next = First;

    /// <summary>Waits; returns early and silently when cancelled.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        var pause = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
