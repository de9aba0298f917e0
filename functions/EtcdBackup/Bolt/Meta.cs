namespace Ebb.EtcdBackup.Bolt;

/// <summary>What a meta page says about the whole database (bbolt 1.3, db.go, type meta).</summary>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Root">The page at which the tree of buckets begins.</param>
/// <param name="FreeList">The page that lists the free ones; null when there is none, as etcd writes it.</param>
/// <param name="Pages">How many pages there are; every page number is lower.</param>
/// <param name="TransactionId">Which transaction wrote it.</param>
internal sealed record Meta(int PageSize, long Root, long? FreeList, long Pages, ulong TransactionId)
{
    public long Bytes => Pages * PageSize;
}
