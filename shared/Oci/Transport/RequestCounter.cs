namespace Ebb.Oci.Transport;

/// <summary>Counts requests.</summary>
internal sealed class RequestCounter
{
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Count() => Interlocked.Increment(ref _total);
}
