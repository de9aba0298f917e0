using System.Buffers.Binary;

namespace Ebb.EtcdBackup.Bolt;

/// <summary>
/// Goes through a bbolt database once, in the order of its keys, and checks it on the way: all that bbolt's own check does
/// (bbolt 1.3, tx_check.go), and that every length and offset stays within its page. Memory is a few windows and one or two
/// bits for each page; time grows with the file's length, whatever is in it.
/// </summary>
internal sealed class BoltWalk
{
    // Eight levels of branches hold more than any file; buckets in buckets are not of etcd.
    private const int MaxLevels = 64;
    private const int BucketBytes = 16;
    private const uint BucketFlag = 1;

    private readonly IDatabaseContent _content;
    private readonly Meta _meta;
    private readonly PageReader _pages;
    private readonly BoltEntryHandler _handler;
    private readonly CancellationToken _cancellationToken;
    private readonly List<(Window Elements, Window Data)> _levels = [];
    private readonly List<KeyFloor> _floors = [];

    private BoltWalk(IDatabaseContent content, Meta meta, BoltEntryHandler handler, CancellationToken cancellationToken)
    {
        (_content, _meta, _handler, _cancellationToken) = (content, meta, handler, cancellationToken);
        _pages = new PageReader(content, meta);
    }

    /// <summary>Goes through all of it.</summary>
    /// <exception cref="BoltException">It is damaged.</exception>
    public static BoltPages Run(IDatabaseContent content, BoltEntryHandler handler, CancellationToken cancellationToken)
    {
        var meta = MetaReader.Read(content);
        var walk = new BoltWalk(content, meta, handler, cancellationToken);
        var free = FreeList.Read(content, meta, walk._pages);
        walk.Bucket((ulong)meta.Root, from: 0, level: 0, depth: 0);
        free.Compare(walk._pages.Used, meta.Pages);
        return new BoltPages(meta.PageSize, meta.Pages, meta.Pages - walk._pages.Used.Count);
    }

    private void Bucket(ulong root, long from, int level, int depth)
    {
        Begin(depth);
        Tree(_pages.Open(root, from), level, depth);
    }

    private void Begin(int depth)
    {
        if (_floors.Count <= depth)
        {
            _floors.Add(new KeyFloor());
        }

        _floors[depth].Reset();
    }

    private void Tree(Page page, int level, int depth)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (level == MaxLevels)
        {
            throw page.Wrong($"the tree is more than {MaxLevels} levels deep");
        }

        if (_levels.Count <= level)
        {
            _levels.Add((new Window(_content), new Window(_content)));
        }

        switch (page.Header.Kind)
        {
            case PageKind.Branch:
                Branch(page, level, depth);
                break;
            case PageKind.Leaf:
                Leaf(page, level, depth);
                break;
            default:
                throw page.Wrong($"a tree leads to it, and it is {page.Header.Kind}");
        }
    }

    private void Branch(Page page, int level, int depth)
    {
        var (elements, data) = _levels[level];
        if (page.Header.Count == 0)
        {
            throw page.Wrong("it is a branch that leads nowhere");
        }

        var floor = page.Data;
        for (var i = 0; i < page.Header.Count; i++)
        {
            var at = page.ElementAt(i);
            var element = elements.Read(at, Page.ElementBytes, page.Data);
            var key = at + BinaryPrimitives.ReadUInt32LittleEndian(element);
            var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(element[4..]);
            var child = BinaryPrimitives.ReadUInt64LittleEndian(element[8..]);
            floor = Within(page, key, keyBytes, 0, floor);
            if (!_floors[depth].TryBound(data.Read(key, (int)keyBytes, page.End)))
            {
                throw page.Wrong($"key {i} is out of order");
            }

            Tree(_pages.Open(child, page.Number), level + 1, depth);
        }
    }

    private void Leaf(Page page, int level, int depth)
    {
        var (elements, data) = _levels[level];
        var floor = page.Data;
        for (var i = 0; i < page.Header.Count; i++)
        {
            var at = page.ElementAt(i);
            var element = elements.Read(at, Page.ElementBytes, page.Data);
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(element);
            var key = at + BinaryPrimitives.ReadUInt32LittleEndian(element[4..]);
            var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(element[8..]);
            var valueBytes = BinaryPrimitives.ReadUInt32LittleEndian(element[12..]);
            floor = Within(page, key, keyBytes, valueBytes, floor);
            if (!_floors[depth].TryTake(data.Read(key, (int)keyBytes, page.End)))
            {
                throw page.Wrong($"key {i} is out of order");
            }

            Entry(page, flags, new BoltValue(data, key + keyBytes, valueBytes), level, depth);
        }
    }

    private void Entry(Page page, uint flags, BoltValue value, int level, int depth)
    {
        if (flags > BucketFlag)
        {
            throw page.Wrong($"an element has the flags {flags:x}, which do not exist");
        }

        var isBucket = flags == BucketFlag;
        if (!isBucket && depth == 0)
        {
            throw page.Wrong("it holds a value where only buckets may be");
        }

        _handler(new BoltEntry { Depth = depth, IsBucket = isBucket, Key = _floors[depth].Key, Value = value });
        if (isBucket)
        {
            Child(page, value, level, depth);
        }
    }

    private void Child(Page page, BoltValue value, int level, int depth)
    {
        if (value.Length < BucketBytes)
        {
            throw page.Wrong("a bucket in it is cut");
        }

        var root = BinaryPrimitives.ReadUInt64LittleEndian(value.Read(0, BucketBytes));
        if (root != 0)
        {
            Bucket(root, page.Number, level + 1, depth + 1);
            return;
        }

        if (page.Header.Id == 0)
        {
            throw page.Wrong("an inline bucket holds another");
        }

        Begin(depth + 1);
        Tree(_pages.OpenInline(page, value.Offset + BucketBytes, value.Offset + value.Length), level + 1, depth + 1);
    }

    // Keys and values follow each other as bbolt writes them: what overlapped could make a small file cost any time.
    private static long Within(Page page, long key, uint keyBytes, uint valueBytes, long floor)
    {
        var end = key + keyBytes + valueBytes;
        if (key < floor || end > page.End)
        {
            throw page.Wrong("an element of it points outside of it, or into another one");
        }

        return keyBytes is > 0 and <= KeyFloor.MaxKeyBytes ? end : throw page.Wrong($"it has a key of {keyBytes} bytes");
    }
}
