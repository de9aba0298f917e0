namespace Ebb.Http.Tests;

/// <summary>A clock that can be set ahead, on which nobody waits longer than a moment.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime is { Ticks: > 0 } && dueTime < TimeSpan.FromSeconds(10) ? Moment : dueTime, period);
}
