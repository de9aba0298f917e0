using System.Security.Cryptography;

namespace Ebb.ObjectStore.Tests;

/// <summary>What every store keeps; run against each kind.</summary>
public abstract class StoreContractTests : StoreTestBase, IAsyncLifetime
{
    private static readonly ObjectKey Key = ObjectKey.Parse("prod/prod-2026-01-31T02:00:00Z.snap.age");

    private protected IObjectStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract ValueTask<IObjectStore> OpenAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData((8 * 1024 * 1024) + 1)]
    [InlineData(20_000_000)]
    public async Task Upload_OfAnyLength_IsReadBackAsItWasSent(int length)
    {
        var content = Bytes(length);

        var stored = await UploadAsync(Store, Key, content);

        stored.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        stored.Size.ShouldBe(length);
        var info = (await Store.FindAsync(Key, Cancellation)).ShouldNotBeNull();
        info.Size.ShouldBe(length);
        info.ETag.ShouldBe(stored.ETag);
        info.LastModified.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        await using var download = await Store.OpenDownloadAsync(Key, range: null, Cancellation);
        Convert.ToHexStringLower(await SHA256.HashDataAsync(download, Cancellation)).ShouldBe(stored.Sha256);
        download.Position.ShouldBe(length);
    }

    [Fact]
    public async Task Get_OftenerThanRequestsAreAllowedAtOnce_GoesOn()
    {
        await UploadAsync(Store, Key, Bytes(100));

        for (var i = 0; i < 40; i++)
        {
            (await Store.GetAsync(Key, maxBytes: 100, Cancellation)).ShouldNotBeNull().Length.ShouldBe(100);
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(9_000_000)]
    public async Task Upload_NotCompleted_LeavesNothing(int length)
    {
        await using (var upload = await Store.OpenUploadAsync(Key, UploadOptions.Default, Cancellation))
        {
            await upload.WriteAsync(Bytes(length), Cancellation);
            (await Store.FindAsync(Key, Cancellation)).ShouldBeNull();
            (await ListAsync(Store)).ShouldBeEmpty();
        }

        (await Store.FindAsync(Key, Cancellation)).ShouldBeNull();
        (await ListAsync(Store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_Aborted_KeepsWhatWasThere()
    {
        await Store.PutAsync(Key, "old"u8.ToArray(), UploadOptions.Default, Cancellation);
        await using var upload = await Store.OpenUploadAsync(Key, UploadOptions.Default, Cancellation);
        await upload.WriteAsync(Bytes(9_000_000), Cancellation);

        await upload.AbortAsync(Cancellation);

        (await Store.GetAsync(Key, 100, Cancellation)).ShouldBe("old"u8.ToArray());
        await Should.ThrowAsync<ObjectDisposedException>(async () => await upload.CompleteAsync(Cancellation));
    }

    [Fact]
    public async Task Upload_OverAnother_ReplacesIt()
    {
        await Store.PutAsync(Key, "old"u8.ToArray(), UploadOptions.Default, Cancellation);

        await Store.PutAsync(Key, "newer"u8.ToArray(), UploadOptions.Default, Cancellation);

        (await Store.GetAsync(Key, 100, Cancellation)).ShouldBe("newer"u8.ToArray());
    }

    [Fact]
    public async Task Put_OnlyIfAbsent_RefusesToReplace()
    {
        var options = new UploadOptions { OnlyIfAbsent = true };
        await Store.PutAsync(Key, "first"u8.ToArray(), options, Cancellation);

        var exception = await FaultAsync(() => Store.PutAsync(Key, "second"u8.ToArray(), options, Cancellation), ObjectStoreFault.Exists);

        exception.Message.ShouldContain(Key.Value);
        (await Store.GetAsync(Key, 100, Cancellation)).ShouldBe("first"u8.ToArray());
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(5, 1)]
    [InlineData(90, 100)]
    [InlineData(99, null)]
    public async Task Download_OfARange_IsThatRange(int offset, int? length)
    {
        var content = Bytes(100);
        await Store.PutAsync(Key, content, UploadOptions.Default, Cancellation);

        await using var download = await Store.OpenDownloadAsync(Key, new ByteRange(offset, length), Cancellation);

        using var read = new MemoryStream();
        await download.CopyToAsync(read, Cancellation);
        read.ToArray().ShouldBe(content.Skip(offset).Take(length ?? 100).ToArray());
        download.Info.Size.ShouldBe(100);
        download.Length.ShouldBe(read.Length);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    public async Task Download_OfARangeOutside_SaysSo(int offset, int length)
    {
        await Store.PutAsync(Key, Bytes(100), UploadOptions.Default, Cancellation);
        await FaultAsync(() => Store.OpenDownloadAsync(Key, new ByteRange(offset, length), Cancellation), ObjectStoreFault.InvalidRange);
    }

    [Fact]
    public async Task MissingObject_IsToldApart()
    {
        await FaultAsync(() => Store.OpenDownloadAsync(Key, range: null, Cancellation), ObjectStoreFault.NotFound);
        (await Store.GetAsync(Key, 100, Cancellation)).ShouldBeNull();
        (await Store.FindAsync(Key, Cancellation)).ShouldBeNull();
        await Store.DeleteAsync(Key, Cancellation);
    }

    [Fact]
    public async Task Get_LargerThanAllowed_IsRefused()
    {
        await Store.PutAsync(Key, Bytes(101), UploadOptions.Default, Cancellation);
        await FaultAsync(() => Store.GetAsync(Key, 100, Cancellation), ObjectStoreFault.TooLarge);
    }

    [Fact]
    public async Task List_ByPrefix_IsExact()
    {
        foreach (var name in new[] { "a/1", "a/2.json", "a/22", "ab/1", "b" })
        {
            await Store.PutAsync(ObjectKey.Parse(name), Bytes(3), UploadOptions.Default, Cancellation);
        }

        (await ListAsync(Store)).ShouldBe(["a/1", "a/2.json", "a/22", "ab/1", "b"]);
        (await ListAsync(Store, "a/")).ShouldBe(["a/1", "a/2.json", "a/22"]);
        (await ListAsync(Store, "a/2")).ShouldBe(["a/2.json", "a/22"]);
        await Store.DeleteAsync(ObjectKey.Parse("a/2.json"), Cancellation);
        (await ListAsync(Store, "a/2")).ShouldBe(["a/22"]);
        (await ListAsync(Store, "nothing")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_OfEveryPermittedKind_AreKept()
    {
        string[] names = ["x y/é+ü&%41?#=.json", "a:b@c,(d)'!*", "~/deep/er/and/deeper"];
        foreach (var name in names)
        {
            await Store.PutAsync(ObjectKey.Parse(name), System.Text.Encoding.UTF8.GetBytes(name), UploadOptions.Default, Cancellation);
        }

        (await ListAsync(Store)).ShouldBe(names.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            (await Store.GetAsync(ObjectKey.Parse(name), 100, Cancellation)).ShouldBe(System.Text.Encoding.UTF8.GetBytes(name));
        }
    }

    [Fact]
    public async Task Probe_OfAWorkingStore_FindsItUsableAndLeavesNothing()
    {
        var probe = await Store.ProbeAsync(Cancellation);

        probe.IsUsable.ShouldBeTrue(string.Join('\n', probe.Findings));
        probe.Findings.Select(finding => finding.Capability).Order().ShouldBe(Enum.GetValues<StoreCapability>());
        probe.Findings.ShouldAllBe(finding => finding.Support == ProbeSupport.Works || finding.Message != null);
        (await ListAsync(Store)).ShouldBeEmpty();
    }
}
