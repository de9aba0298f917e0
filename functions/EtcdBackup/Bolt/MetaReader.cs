using System.Buffers.Binary;
using System.Numerics;

namespace Ebb.EtcdBackup.Bolt;

/// <summary>
/// Finds the meta page that counts: of two, the newer one whose checksum is right (bbolt 1.3, db.go: getPageSize, meta,
/// validate). It reads little-endian files, as all of etcd's platforms but s390x write them.
/// </summary>
internal static class MetaReader
{
    private const uint Magic = 0xED0CDAED;
    private const uint Version = 2;
    private const ulong NoFreeList = ulong.MaxValue;
    private const int ChecksumOffset = 56;
    private const int MetaBytes = ChecksumOffset + sizeof(ulong);
    private const int SmallestPage = 1024;
    private const int LargestPage = 16 * 1024 * 1024;

    /// <exception cref="BoltException">There is no such page, or what it says is impossible for a file of this length.</exception>
    public static Meta Read(IDatabaseContent content)
    {
        var first = At(content, 0, pageSize: null);
        var second = first is null ? Search(content) : At(content, first.PageSize, first.PageSize);
        var newest = second is not null && (first is null || second.TransactionId > first.TransactionId) ? second : first;
        return newest is null
            ? throw new BoltException("This is no etcd database, or both of its meta pages are damaged: neither has the mark, the version and the checksum of bbolt.")
            : Bounded(newest, content.Length);
    }

    // The second meta page stands where the first page ends; without the first that is to be found out.
    private static Meta? Search(IDatabaseContent content)
    {
        for (var pageSize = SmallestPage; pageSize <= LargestPage; pageSize *= 2)
        {
            if (At(content, pageSize, pageSize) is { } meta)
            {
                return meta;
            }
        }

        return null;
    }

    private static Meta? At(IDatabaseContent content, long offset, int? pageSize)
    {
        Span<byte> bytes = stackalloc byte[MetaBytes];
        if (offset + PageHeader.Bytes + MetaBytes > content.Length)
        {
            return null;
        }

        content.Read(offset + PageHeader.Bytes, bytes);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        var isMeta = BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Version
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumOffset..]) == Fnv64(bytes[..ChecksumOffset])
            && size is >= SmallestPage and <= LargestPage && BitOperations.IsPow2(size)
            && (pageSize is not { } expected || expected == size);
        return isMeta ? Parse(bytes, (int)size) : null;
    }

    private static Meta Parse(ReadOnlySpan<byte> bytes, int pageSize)
    {
        var freeList = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        return new Meta(
            pageSize,
            Number(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
            freeList == NoFreeList ? null : Number(freeList),
            Number(BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..])),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]));
    }

    private static Meta Bounded(Meta meta, long length)
    {
        if (meta.Pages > length / meta.PageSize)
        {
            throw new BoltException($"The database is cut: it should have {meta.Pages} pages of {meta.PageSize} bytes, and has {length / meta.PageSize}.");
        }

        return IsPage(meta.Root, meta) && (meta.FreeList is not { } list || IsPage(list, meta))
            ? meta
            : throw new BoltException("The database is damaged: its meta page names pages that it does not have.");
    }

    private static bool IsPage(long page, Meta meta) => page >= PageHeader.FirstDataPage && page < meta.Pages;

    // No file has so many pages: what does not fit is out of bounds all the same.
    private static long Number(ulong value) => (long)Math.Min(value, long.MaxValue);

    // FNV-1a, 64 bits (draft-eastlake-fnv).
    private static ulong Fnv64(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x100000001B3UL;
        }

        return hash;
    }
}
