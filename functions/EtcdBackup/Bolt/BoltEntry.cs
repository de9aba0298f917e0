namespace Ebb.EtcdBackup.Bolt;

/// <summary>A key of a bucket and what it holds: a value, or another bucket.</summary>
internal readonly ref struct BoltEntry
{
    /// <summary>0 for the buckets at the top, 1 for what is in them, and so on.</summary>
    public required int Depth { get; init; }

    public required bool IsBucket { get; init; }

    public required ReadOnlySpan<byte> Key { get; init; }

    public required BoltValue Value { get; init; }
}

/// <summary>Gets every entry, in the order of the keys; a bucket before what is in it.</summary>
internal delegate void BoltEntryHandler(in BoltEntry entry);
