using System.Buffers.Binary;

namespace Ebb.EtcdBackup.Bolt;

/// <summary>
/// Which pages are free. etcd does not have them written down (its backend sets NoFreelistSync): then they are those that
/// nothing uses. A list that is there must name exactly those.
/// </summary>
internal sealed class FreeList
{
    // A count of 0xFFFF says that the first element is the count (bbolt 1.3, page.go, freelistPageCount).
    private const int CountIsFirst = 0xFFFF;

    private readonly PageSet? _free;

    private FreeList(PageSet? free) => _free = free;

    public static FreeList Read(IDatabaseContent content, Meta meta, PageReader pages)
    {
        if (meta.FreeList is not { } number)
        {
            return new FreeList(null);
        }

        var page = pages.Open((ulong)number, from: 0);
        if (page.Header.Kind != PageKind.FreeList)
        {
            throw page.Wrong("it should be the list of free pages");
        }

        var window = new Window(content);
        var (offset, count) = Count(page, window);
        var free = new PageSet(meta.Pages);
        for (; count > 0; count--, offset += sizeof(ulong))
        {
            var id = BinaryPrimitives.ReadUInt64LittleEndian(window.Read(offset, sizeof(ulong), page.End));
            if (id < (ulong)PageHeader.FirstDataPage || id >= (ulong)meta.Pages || !free.TryAdd((long)id))
            {
                throw page.Wrong($"it lists page {id}, which is listed already or does not exist");
            }
        }

        return new FreeList(free);
    }

    /// <summary>Every page is either used or free.</summary>
    public void Compare(PageSet used, long pages)
    {
        for (var page = 0L; _free is not null && page < pages; page++)
        {
            if (used.Contains(page) == _free.Contains(page))
            {
                throw new BoltException(page, _free.Contains(page) ? "it is in use and listed as free" : "it is neither in use nor listed as free");
            }
        }
    }

    private static (long Offset, long Count) Count(Page page, Window window)
    {
        var offset = page.Elements;
        var room = (page.End - offset) / sizeof(ulong);
        var count = (ulong)page.Header.Count;
        if (count == CountIsFirst && room > 0)
        {
            count = BinaryPrimitives.ReadUInt64LittleEndian(window.Read(offset, sizeof(ulong), page.End));
            offset += sizeof(ulong);
            room--;
        }

        return count <= (ulong)room ? (offset, (long)count) : throw page.Wrong($"{count} free pages do not fit into it");
    }
}
