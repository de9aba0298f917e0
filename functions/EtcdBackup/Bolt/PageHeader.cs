using System.Buffers.Binary;

namespace Ebb.EtcdBackup.Bolt;

/// <summary>The first 16 bytes of a page (bbolt 1.3, page.go, type page).</summary>
/// <param name="Id">The number that the page gives itself.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Count">How many elements.</param>
/// <param name="Overflow">How many pages that follow belong to it.</param>
internal readonly record struct PageHeader(ulong Id, PageKind Kind, int Count, uint Overflow)
{
    public const int Bytes = 16;

    /// <summary>Pages 0 and 1 are the meta pages.</summary>
    public const long FirstDataPage = 2;

    public static PageHeader Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (PageKind)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
}

/// <summary>The flags of a page; exactly one is set.</summary>
internal enum PageKind : ushort
{
    None = 0,
    Branch = 0x01,
    Leaf = 0x02,
    Meta = 0x04,
    FreeList = 0x10,
}
