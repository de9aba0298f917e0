using System.Buffers.Binary;
using System.Text;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>Writes bbolt files by hand, sound ones and others (bbolt 1.3, page.go, db.go, bucket.go, node.go).</summary>
internal sealed class BoltFile(int pageSize = 4096)
{
    public const ulong NoFreeList = ulong.MaxValue;

    private const ushort BranchKind = 1;
    private const ushort LeafKind = 2;
    private const ushort FreeListKind = 0x10;
    private readonly SortedDictionary<ulong, byte[]> _pages = [];

    public ulong Root { get; set; } = 2;

    public ulong FreeListPage { get; set; } = NoFreeList;

    /// <summary>How many pages the meta pages claim; null for as many as there are.</summary>
    public ulong? Claimed { get; set; }

    /// <summary>A database with the bucket <c>key</c> alone, whose tree begins at page 3.</summary>
    public static BoltFile WithKeys() => new BoltFile().Leaf(2, BucketAt("key", 3));

    public static Element Value(string key, byte[] value) => new(Encoding.UTF8.GetBytes(key), value, IsBucket: false);

    /// <summary>A key as etcd stores it at a revision.</summary>
    public static Element At(long revision, string key, int valueBytes = 5)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(key)];
        byte[] message = [0x0A, .. Varint(name.Length), .. name, 0x18, .. Varint(revision), 0x2A, .. Varint(valueBytes), .. new byte[valueBytes]];
        return new(Revision(revision), message, IsBucket: false);
    }

    public static Element BucketAt(string name, ulong root) => new(Encoding.UTF8.GetBytes(name), Header(root), IsBucket: true);

    public static Element Inline(string name, params Element[] elements) =>
        new(Encoding.UTF8.GetBytes(name), [.. Header(0), .. Page(0, LeafKind, elements)], IsBucket: true);

    public static byte[] Revision(long revision)
    {
        var key = new byte[17];
        BinaryPrimitives.WriteInt64BigEndian(key, revision);
        key[8] = (byte)'_';
        return key;
    }

    public BoltFile Leaf(ulong id, params Element[] elements) => Put(id, Page(id, LeafKind, elements));

    public BoltFile Branch(ulong id, params (byte[] Key, ulong Child)[] children) =>
        Put(id, Page(id, BranchKind, [.. children.Select(child => new Element(child.Key, [], IsBucket: false) { Child = child.Child })]));

    public BoltFile FreeList(ulong id, params ulong[] free)
    {
        FreeListPage = id;
        var count = Math.Min(free.Length, 0xFFFF);
        ulong[] content = count == 0xFFFF ? [(ulong)free.Length, .. free] : free;
        var page = new byte[16 + (8 * content.Length)];
        WriteHeader(page, id, FreeListKind, (ushort)count);
        for (var i = 0; i < content.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(16 + (8 * i)), content[i]);
        }

        return Put(id, page);
    }

    /// <summary>Leaves pages unused up to this one.</summary>
    public BoltFile FreeUpTo(ulong id) => Put(id, []);

    /// <summary>Changes bytes of a page.</summary>
    public BoltFile Change(ulong id, int offset, params byte[] bytes)
    {
        bytes.CopyTo(_pages[id].AsSpan(offset));
        return this;
    }

    public byte[] Build()
    {
        var pages = _pages.Max(page => page.Key + (ulong)(Math.Max(1, page.Value.Length) + pageSize - 1) / (ulong)pageSize);
        var file = new byte[(int)pages * pageSize];
        foreach (var (id, page) in _pages)
        {
            page.CopyTo(file, (int)id * pageSize);
        }

        for (var index = 0; index < 2; index++)
        {
            WriteMeta(file.AsSpan(index * pageSize), index, Claimed ?? pages);
        }

        return file;
    }

    public CountedContent Content() => new(Build());

    private BoltFile Put(ulong id, byte[] page)
    {
        var overflow = Math.Max(0, (page.Length - 1) / pageSize);
        if (page.Length > 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(12), (uint)overflow);
        }

        _pages[id] = page;
        return this;
    }

    private void WriteMeta(Span<byte> page, int index, ulong pages)
    {
        WriteHeader(page, (ulong)index, 4, 0);
        var meta = page[16..];
        BinaryPrimitives.WriteUInt32LittleEndian(meta, 0xED0CDAED);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[8..], (uint)pageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[16..], Root);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[32..], FreeListPage);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[40..], pages);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[48..], 7 - (ulong)index);
        var hash = 0xCBF29CE484222325UL;
        foreach (var value in meta[..56])
        {
            hash = (hash ^ value) * 0x100000001B3UL;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(meta[56..], hash);
    }

    private static byte[] Page(ulong id, ushort kind, Element[] elements)
    {
        var data = 16 + (16 * elements.Length);
        var page = new byte[data + elements.Sum(element => element.Key.Length + element.Content.Length)];
        WriteHeader(page, id, kind, (ushort)elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            var (key, content) = (elements[i].Key, elements[i].Content);
            var at = 16 + (16 * i);
            var fields = page.AsSpan(at);
            if (kind == BranchKind)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(fields, (uint)(data - at));
                BinaryPrimitives.WriteUInt32LittleEndian(fields[4..], (uint)key.Length);
                BinaryPrimitives.WriteUInt64LittleEndian(fields[8..], elements[i].Child);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(fields, elements[i].IsBucket ? 1u : 0u);
                BinaryPrimitives.WriteUInt32LittleEndian(fields[4..], (uint)(data - at));
                BinaryPrimitives.WriteUInt32LittleEndian(fields[8..], (uint)key.Length);
                BinaryPrimitives.WriteUInt32LittleEndian(fields[12..], (uint)content.Length);
            }

            key.CopyTo(page, data);
            content.CopyTo(page, data + key.Length);
            data += key.Length + content.Length;
        }

        return page;
    }

    private static void WriteHeader(Span<byte> page, ulong id, ushort kind, ushort count)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(page, id);
        BinaryPrimitives.WriteUInt16LittleEndian(page[8..], kind);
        BinaryPrimitives.WriteUInt16LittleEndian(page[10..], count);
    }

    private static byte[] Header(ulong root)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(header, root);
        return header;
    }

    private static byte[] Varint(long value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}

/// <summary>A key and what it holds.</summary>
internal sealed record Element(byte[] Key, byte[] Content, bool IsBucket)
{
    /// <summary>For a branch.</summary>
    public ulong Child { get; init; }
}
