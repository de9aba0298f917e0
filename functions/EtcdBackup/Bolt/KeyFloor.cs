namespace Ebb.EtcdBackup.Bolt;

/// <summary>
/// The order of keys in a bucket. A branch's key is the least that its subtree may hold, and all of the subtree before it is
/// less: so one bound is enough for the whole way through a tree.
/// </summary>
internal sealed class KeyFloor
{
    /// <summary>As bbolt allows (bbolt 1.3, bucket.go, MaxKeySize).</summary>
    public const int MaxKeyBytes = 32 * 1024;

    private byte[] _key = new byte[64];
    private int _length;
    private bool _isTaken;

    /// <summary>The last key that was raised to.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _length);

    /// <summary>Begins another bucket.</summary>
    public void Reset() => (_length, _isTaken) = (0, true);

    /// <summary>Takes the key of a leaf, which is greater than every leaf's before; false when it is not.</summary>
    public bool TryTake(ReadOnlySpan<byte> key) => TryRaise(key, isTaken: true);

    /// <summary>Takes the key of a branch's element; false when it is less than what must be less.</summary>
    public bool TryBound(ReadOnlySpan<byte> key) => TryRaise(key, isTaken: false);

    private bool TryRaise(ReadOnlySpan<byte> key, bool isTaken)
    {
        var order = key.SequenceCompareTo(Key);
        if (order < 0 || (order == 0 && _isTaken))
        {
            return false;
        }

        if (_key.Length < key.Length)
        {
            _key = new byte[MaxKeyBytes];
        }

        key.CopyTo(_key);
        (_length, _isTaken) = (key.Length, isTaken);
        return true;
    }
}
