namespace Ebb.ObjectStore.Tests;

/// <summary>The system's clock, set wrong.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
