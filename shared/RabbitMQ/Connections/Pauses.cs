namespace Ebb.RabbitMq.Connections;

/// <summary>Ever longer pauses while the broker is in trouble.</summary>
internal sealed class Pauses(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    public void Reset() => _next = First;

    /// <summary>Waits; returns early and silently when cancelled.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        var pause = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
