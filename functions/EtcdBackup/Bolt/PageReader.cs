namespace Ebb.EtcdBackup.Bolt;

/// <summary>Finds pages by number and holds that each is used once only, which also ends every cycle.</summary>
internal sealed class PageReader
{
    private readonly IDatabaseContent _content;
    private readonly Meta _meta;

    public PageReader(IDatabaseContent content, Meta meta)
    {
        (_content, _meta) = (content, meta);
        Used = new PageSet(meta.Pages);
        for (var page = 0; page < PageHeader.FirstDataPage; page++)
        {
            Used.TryAdd(page);
        }
    }

    public PageSet Used { get; }

    /// <summary>Opens a page for its only use.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="from">The page that names it, for errors.</param>
    public Page Open(ulong number, long from)
    {
        if (number < (ulong)PageHeader.FirstDataPage || number >= (ulong)_meta.Pages)
        {
            throw new BoltException(from, $"it names page {number}, and the database has pages 2 to {_meta.Pages - 1}");
        }

        Span<byte> bytes = stackalloc byte[PageHeader.Bytes];
        var page = (long)number;
        _content.Read(page * _meta.PageSize, bytes);
        var header = PageHeader.Parse(bytes);
        if (header.Id != number)
        {
            throw new BoltException(page, $"it calls itself page {header.Id}");
        }

        if (header.Overflow >= (ulong)(_meta.Pages - page))
        {
            throw new BoltException(page, $"{header.Overflow} pages are said to follow it, more than the database has");
        }

        for (var used = page; used <= page + header.Overflow; used++)
        {
            if (!Used.TryAdd(used))
            {
                throw new BoltException(used, $"it is used twice, the second time by page {from}");
            }
        }

        return Checked(new Page(page, page * _meta.PageSize, (page + header.Overflow + 1) * _meta.PageSize, header));
    }

    /// <summary>The page of an inline bucket: bytes of the value that holds it.</summary>
    public Page OpenInline(Page around, long offset, long end)
    {
        Span<byte> bytes = stackalloc byte[PageHeader.Bytes];
        if (end - offset < PageHeader.Bytes)
        {
            throw around.Wrong("a bucket in it is cut");
        }

        _content.Read(offset, bytes);
        var header = PageHeader.Parse(bytes);
        return header is { Id: 0, Kind: PageKind.Leaf, Overflow: 0 }
            ? Checked(new Page(around.Number, offset, end, header))
            : throw around.Wrong("a bucket in it is no leaf");
    }

    private static Page Checked(Page page) => page.Header.Kind switch
    {
        PageKind.FreeList => page,
        PageKind.Branch or PageKind.Leaf when page.Data <= page.End => page,
        PageKind.Branch or PageKind.Leaf => throw page.Wrong($"{page.Header.Count} elements do not fit into it"),
        _ => throw page.Wrong($"its kind is {(ushort)page.Header.Kind:x}, which is none"),
    };
}
