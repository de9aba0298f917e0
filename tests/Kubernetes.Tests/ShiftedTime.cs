namespace Ebb.Kubernetes.Tests;

/// <summary>The real clock, moved ahead: what expires does so at once while time-outs and pauses stay real.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public void Advance(TimeSpan by) => _shift += by;
}
