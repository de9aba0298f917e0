namespace Ebb.EtcdBackup.Bolt;

/// <summary>A set of page numbers, one bit for each page of the file.</summary>
internal sealed class PageSet(long pages)
{
    private readonly ulong[] _bits = new ulong[(pages + 63) / 64];

    public long Count { get; private set; }

    public bool Contains(long page) => (_bits[page >> 6] & Bit(page)) != 0;

    /// <summary>False when it is in the set already.</summary>
    public bool TryAdd(long page)
    {
        if (Contains(page))
        {
            return false;
        }

        _bits[page >> 6] |= Bit(page);
        Count++;
        return true;
    }

    private static ulong Bit(long page) => 1UL << (int)(page & 63);
}
