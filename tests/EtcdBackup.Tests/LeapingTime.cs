namespace Ebb.EtcdBackup.Tests;

/// <summary>A clock that can be set, on which what comes round, such as the renewal of a lock, comes round a thousand times as often.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        period >= Slow ? System.CreateTimer(callback, state, dueTime / 1000, period / 1000) : System.CreateTimer(callback, state, dueTime, period);
}
