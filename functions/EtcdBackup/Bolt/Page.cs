namespace Ebb.EtcdBackup.Bolt;

/// <summary>Where a page and its elements lie. An inline bucket is a page too, within the value that holds it.</summary>
/// <param name="Number">The number, for errors: an inline page's is that of the page around it.</param>
/// <param name="Offset">Where its header begins in the file.</param>
/// <param name="End">Where it ends, overflow included.</param>
/// <param name="Header">Its header.</param>
internal readonly record struct Page(long Number, long Offset, long End, PageHeader Header)
{
    /// <summary>The same for branches (pos, ksize, pgid) and leaves (flags, pos, ksize, vsize).</summary>
    public const int ElementBytes = 16;

    public long Elements => Offset + PageHeader.Bytes;

    public long Data => Elements + ((long)Header.Count * ElementBytes);

    public long ElementAt(int index) => Elements + ((long)index * ElementBytes);

    public BoltException Wrong(string what) => new(Number, what);
}
