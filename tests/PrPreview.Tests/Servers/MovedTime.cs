namespace Ebb.PrPreview.Tests.Servers;

/// <summary>The real clock, moved forward by a test; timers run as ever.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _ticks;

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
}
