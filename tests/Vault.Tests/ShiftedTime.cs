namespace Ebb.Vault.Tests;

/// <summary>The real clock, moved ahead: leases run out at once while time-outs and pauses stay real.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public void Advance(TimeSpan by) => _shift += by;
}
