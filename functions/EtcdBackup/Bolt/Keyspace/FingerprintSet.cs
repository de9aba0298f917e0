namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>A set of 64-bit hashes in 8 to 16 bytes each: open addressing, without marks for what was removed.</summary>
internal sealed class FingerprintSet(int maxCount)
{
    private const ulong Free = 0;
    private const int SmallestSize = 1024;

    private ulong[] _slots = new ulong[SmallestSize];

    public long Count { get; private set; }

    /// <summary>More than <c>maxCount</c> were added: it holds nothing any more.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>False when it is in the set already, or the set is overfull.</summary>
    public bool Add(ulong fingerprint)
    {
        fingerprint = NotFree(fingerprint);
        if (IsOverfull || _slots[Find(fingerprint)] == fingerprint)
        {
            return false;
        }

        if (Count == maxCount)
        {
            (IsOverfull, _slots, Count) = (true, [], 0);
            return false;
        }

        if (Count >= _slots.Length / 8 * 7)
        {
            Grow();
        }

        _slots[Find(fingerprint)] = fingerprint;
        Count++;
        return true;
    }

    /// <summary>False when it is not in the set.</summary>
    public bool Remove(ulong fingerprint)
    {
        fingerprint = NotFree(fingerprint);
        if (IsOverfull || Find(fingerprint) is var slot && _slots[slot] != fingerprint)
        {
            return false;
        }

        Count--;
        Close(slot);
        return true;
    }

    private static ulong NotFree(ulong fingerprint) => fingerprint == Free ? 1 : fingerprint;

    private int Find(ulong fingerprint)
    {
        var slot = Home(fingerprint);
        while (_slots[slot] != fingerprint && _slots[slot] != Free)
        {
            slot = Next(slot);
        }

        return slot;
    }

    // Moves what stands behind a gap into it wherever a search would no longer reach it (Knuth, TAOCP 3, 6.4, algorithm R).
    private void Close(int gap)
    {
        for (var slot = Next(gap); _slots[slot] != Free; slot = Next(slot))
        {
            var home = Home(_slots[slot]);
            if (Distance(home, slot) >= Distance(gap, slot))
            {
                _slots[gap] = _slots[slot];
                gap = slot;
            }
        }

        _slots[gap] = Free;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[old.Length * 2];
        foreach (var fingerprint in old)
        {
            if (fingerprint != Free)
            {
                _slots[Find(fingerprint)] = fingerprint;
            }
        }
    }

    private int Home(ulong fingerprint) => (int)(fingerprint & (uint)(_slots.Length - 1));

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private int Distance(int from, int to) => (to - from) & (_slots.Length - 1);
}
