namespace Ebb.TestServers.Keda;

/// <summary>Waits that double.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _next;

    public TimeSpan Next()
    {
        var wait = _next ?? first;
        _next = wait * 2 < longest ? wait * 2 : longest;
        return wait;
    }

    public void Reset() => _next = null;
}
