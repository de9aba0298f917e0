using Ebb.EtcdBackup.Bolt;
using Ebb.EtcdBackup.Bolt.Keyspace;
using static Ebb.EtcdBackup.Tests.Bolt.BoltFile;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>Files that no bbolt wrote: each mistake is named, and none costs more than the file is long.</summary>
public sealed class HostileFileTests
{
    private const string Cut = "a bucket in it is cut";

    [Fact]
    public async Task Read_HandWrittenSoundFiles_AreSoundForEtcdutlToo()
    {
        var branches = WithKeys().Branch(3, (Revision(1), 4), (Revision(5), 6)).Leaf(4, At(1, "a"), At(2, "b", 5000)).Leaf(6, At(5, "c"), At(9, "d"));
        var inline = new BoltFile().Leaf(2, Inline("key", At(3, "a"), At(4, "b")), Inline("meta", Value("consistent_index", new byte[8])));
        var withFreeList = WithKeys().Leaf(3, At(1, "a")).FreeList(4, 5, 6).FreeUpTo(6);
        var free = Enumerable.Range(0, 70_000).Select(i => (ulong)i + 1000).ToArray();
        var withLongFreeList = new BoltFile(1024).Leaf(2, BucketAt("key", 3)).Leaf(3, At(1, "a")).FreeList(4, [.. Enumerable.Range(555, 445).Select(i => (ulong)i), .. free]).FreeUpTo(70_999);
        foreach (var (file, keys) in new[] { (branches, 4), (inline, 2), (withFreeList, 1), (withLongFreeList, 1) })
        {
            var path = Path.GetTempFileName();
            try
            {
                await File.WriteAllBytesAsync(path, file.Build());
                var contents = Read(file);
                contents.Keys.ShouldBe(keys);
                contents.Status.ShouldBe(await new TestDatabase(path, 0, new HashSet<string>()).StatusAsync());
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Read_OneMetaPageDamaged_UsesTheOther()
    {
        foreach (var index in new[] { 0, 1 })
        {
            var file = WithKeys().Leaf(3, At(1, "a")).Build();
            file[(index * 4096) + 16 + 20] ^= 1;
            DatabaseReader.Read(new CountedContent(file), 100, default).Keys.ShouldBe(1);
        }
    }

    [Fact]
    public void Read_BothMetaPagesDamagedOrNone_IsNoDatabase()
    {
        var file = WithKeys().Leaf(3, At(1, "a")).Build();
        file[36] ^= 1;
        file[4096 + 36] ^= 1;
        Refused(new CountedContent(file)).ShouldContain("both of its meta pages are damaged");
        Refused(new CountedContent([])).ShouldContain("This is no etcd database");
        Refused(new CountedContent(new byte[100_000])).ShouldContain("This is no etcd database");
    }

    [Fact]
    public void Read_Cut_IsNamed() => Refused(new CountedContent(WithKeys().Leaf(3, At(1, "a")).Build()[..^1])).ShouldContain("it should have 4 pages of 4096 bytes, and has 3");

    [Fact]
    public void Read_ImpossibleMetaPages_AreNamed()
    {
        Refused(With(file => file.Root = 4)).ShouldContain("names pages that it does not have");
        Refused(With(file => file.Root = 1)).ShouldContain("names pages that it does not have");
        Refused(With(file => file.Root = ulong.MaxValue)).ShouldContain("names pages that it does not have");
        Refused(With(file => file.FreeListPage = 99)).ShouldContain("names pages that it does not have");
        Refused(With(file => file.Claimed = ulong.MaxValue)).ShouldContain("The database is cut");
        Refused(With(file => file.Claimed = ulong.MaxValue / 4096)).ShouldContain("The database is cut");
    }

    [Fact]
    public void Read_Cycles_AreFound()
    {
        Refused(WithKeys().Branch(3, (Revision(1), 3))).ShouldContain("used twice");
        Refused(WithKeys().Branch(3, (Revision(1), 4)).Branch(4, (Revision(1), 3))).ShouldContain("used twice");
        Refused(WithKeys().Branch(3, (Revision(1), 2))).ShouldContain("used twice");
        Refused(new BoltFile().Leaf(2, BucketAt("key", 3), BucketAt("kez", 3)).Leaf(3, At(1, "a"))).ShouldContain("used twice");
        Refused(WithKeys().Leaf(3, BucketAt("inner", 3))).ShouldContain("used twice");
        Refused(WithKeys().Branch(3, (Revision(1), 1))).ShouldContain("it names page 1");
        Refused(WithKeys().Branch(3, (Revision(1), 1UL << 60))).ShouldContain("it names page 1152921504606846976");
    }

    [Fact]
    public void Read_TreeWithoutEnd_IsRefusedAtItsDepth()
    {
        var file = WithKeys();
        for (var page = 3UL; page < 200; page++)
        {
            file.Branch(page, (Revision(1), page + 1));
        }

        Refused(file.Leaf(200, At(1, "a"))).ShouldContain("more than 64 levels deep");
    }

    [Fact]
    public void Read_BucketsInBuckets_AreRefusedAtTheirDepthOnly()
    {
        var file = WithKeys();
        for (var page = 3UL; page < 200; page++)
        {
            file.Leaf(page, BucketAt("inner", page + 1));
        }

        Refused(file.Leaf(200)).ShouldContain("more than 64 levels deep");
        DatabaseReader.Read(WithKeys().Leaf(3, At(1, "b"), Inline("inner", Value("a", [1]))).Content(), 100, default).Keys.ShouldBe(1);
    }

    // Offsets of a leaf page: 8 kind, 10 count, 12 overflow; its first element at 16: flags, pos, ksize, vsize.
    [Theory]
    [InlineData(0, new byte[] { 9 }, "it calls itself page 9")]
    [InlineData(8, new byte[] { 0 }, "its kind is 0")]
    [InlineData(8, new byte[] { 3 }, "its kind is 3")]
    [InlineData(8, new byte[] { 0x10 }, "a tree leads to it, and it is FreeList")]
    [InlineData(8, new byte[] { 4 }, "its kind is 4")]
    [InlineData(10, new byte[] { 0xFF, 0xFF }, "65535 elements do not fit")]
    [InlineData(12, new byte[] { 1, 0, 0, 0 }, "1 pages are said to follow")]
    [InlineData(12, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "4294967295 pages are said to follow")]
    [InlineData(16, new byte[] { 2 }, "flags 2")]
    [InlineData(16, new byte[] { 1 }, Cut)]
    [InlineData(20, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "points outside of it")]
    [InlineData(20, new byte[] { 0, 0, 0, 0 }, "points outside of it, or into another")]
    [InlineData(24, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "points outside of it")]
    [InlineData(24, new byte[] { 0, 0, 0, 0 }, "a key of 0 bytes")]
    [InlineData(24, new byte[] { 16, 0, 0, 0 }, "a key that is no revision")]
    [InlineData(28, new byte[] { 0xFF, 0xFF, 0xFF, 0x7F }, "points outside of it")]
    [InlineData(28, new byte[] { 40, 0, 0, 0 }, "is no mvccpb.KeyValue")]
    public void Read_LeafWithImpossibleFields_IsNamed(int offset, byte[] bytes, string expected) =>
        Refused(WithKeys().Leaf(3, At(1, "a", 0), At(2, "b", 0)).Change(3, offset, bytes)).ShouldContain(expected);

    [Fact]
    public void Read_KeysOutOfOrder_AreFound()
    {
        Refused(WithKeys().Leaf(3, At(2, "a"), At(1, "b"))).ShouldContain("page 3: key 1 is out of order");
        Refused(WithKeys().Leaf(3, At(2, "a"), At(2, "b"))).ShouldContain("page 3: key 1 is out of order");
        Refused(WithKeys().Branch(3, (Revision(5), 4)).Leaf(4, At(4, "a"))).ShouldContain("page 4: key 0 is out of order");
        Refused(WithKeys().Branch(3, (Revision(1), 4), (Revision(5), 5)).Leaf(4, At(1, "a"), At(5, "b")).Leaf(5, At(6, "c"))).ShouldContain("page 3: key 1 is out of order");
        Refused(WithKeys().Branch(3, (Revision(5), 4), (Revision(1), 5)).Leaf(4, At(5, "a")).Leaf(5, At(1, "c"))).ShouldContain("page 3: key 1 is out of order");
        Refused(new BoltFile().Leaf(2, Inline("b"), Inline("a"))).ShouldContain("page 2: key 1 is out of order");
    }

    [Fact]
    public void Read_BrokenBuckets_AreFound()
    {
        Refused(new BoltFile().Leaf(2, Value("key", [1]))).ShouldContain("a value where only buckets may be");
        Refused(new BoltFile().Leaf(2, new Element([1], new byte[15], IsBucket: true))).ShouldContain(Cut);
        Refused(new BoltFile().Leaf(2, new Element([1], new byte[20], IsBucket: true))).ShouldContain(Cut);
        Refused(new BoltFile().Leaf(2, new Element([1], new byte[40], IsBucket: true))).ShouldContain("a bucket in it is no leaf");
        Refused(new BoltFile().Leaf(2, Inline("key", Inline("inner")))).ShouldContain("an inline bucket holds another");
        Refused(WithKeys().Branch(3)).ShouldContain("a branch that leads nowhere");
        Refused(new BoltFile().Leaf(2, Inline("other"))).ShouldContain("no bucket named key");
    }

    [Fact]
    public void Read_WrongFreeLists_AreFound()
    {
        Refused(WithKeys().Leaf(3).FreeList(4, 5, 5).FreeUpTo(5)).ShouldContain("it lists page 5");
        Refused(WithKeys().Leaf(3).FreeList(4, 1)).ShouldContain("it lists page 1");
        Refused(WithKeys().Leaf(3).FreeList(4, 1000)).ShouldContain("it lists page 1000");
        Refused(WithKeys().Leaf(3).FreeList(4, 3)).ShouldContain("page 3: it is in use and listed as free");
        Refused(WithKeys().Leaf(3).FreeList(4).FreeUpTo(5)).ShouldContain("page 5: it is neither in use nor listed as free");
        Refused(WithKeys().Leaf(3).FreeList(4, 5).FreeUpTo(5).Change(4, 10, 0xFE, 0xFF)).ShouldContain("65534 free pages do not fit");
        Refused(WithKeys().Leaf(3).FreeList(4, 5).FreeUpTo(5).Change(4, 10, 0xFF, 0xFF).Change(4, 16, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)).ShouldContain("free pages do not fit");
        Refused(WithKeys().Leaf(3).Leaf(4), file => file.FreeListPage = 4).ShouldContain("should be the list of free pages");
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 5, 1 })]
    [InlineData(new byte[] { 0x0A })]
    [InlineData(new byte[] { 0x08, 1 })]
    [InlineData(new byte[] { 0x12, 1, 1 })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0x02, 1 })]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 })]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 })]
    [InlineData(new byte[] { 0x79, 1, 2, 3 })]
    public void Read_ValueThatIsNoKeyValue_IsRefused(byte[] value) =>
        Refused(WithKeys().Leaf(3, new Element(Revision(1), value, IsBucket: false))).ShouldContain("the value at revision 1 is no mvccpb.KeyValue");

    [Fact]
    public void Read_ManyElementsOnTheSameBytes_AreRefusedAtOnce()
    {
        // Each element claims the whole of a long value: read one by one they would be gigabytes.
        var file = new BoltFile().Leaf(2, BucketAt("other", 3)).Leaf(3, [.. Enumerable.Range(1, 1000).Select(i => At(i, "a", 0)), At(2000, "b", 1_000_000)]);
        for (var i = 0; i < 1000; i++)
        {
            file.Change(3, 16 + (16 * i) + 12, 0x00, 0x40, 0x0F, 0x00);
        }

        var content = file.Content();
        Refused(content).ShouldContain("or into another");
        content.BytesRead.ShouldBeLessThan(2 * content.Length);
    }

    private static BoltFile With(Action<BoltFile> change)
    {
        var file = WithKeys().Leaf(3, At(1, "a"));
        change(file);
        return file;
    }

    private static DatabaseContents Read(BoltFile file) => DatabaseReader.Read(file.Content(), 100, default);

    private static string Refused(BoltFile file, Action<BoltFile> change)
    {
        change(file);
        return Refused(file);
    }

    private static string Refused(BoltFile file) => Refused(file.Content());

    private static string Refused(CountedContent content) => Should.Throw<BoltException>(() => DatabaseReader.Read(content, 100, default)).Message;
}
