using Ebb.TestServers.Disks;

namespace Ebb.ObjectStore.Tests;

public sealed class FileStoreTests : StoreTestBase, IDisposable
{
    private static readonly ObjectKey Key = ObjectKey.Parse("prod/snap");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    private IObjectStore Store(string? folder = null) => Open(new ObjectStoreOptions { Url = $"file://{folder ?? _folder.FullName}" });

    [Fact]
    public async Task MissingDirectory_IsNotCreated()
    {
        var missing = Path.Combine(_folder.FullName, "not-mounted");
        await using var store = Store(missing);

        (await FaultAsync(() => store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.BucketMissing)).Message.ShouldContain("mount");

        Directory.Exists(missing).ShouldBeFalse();
        (await store.ProbeAsync(Cancellation)).IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task FullDisk_IsNamedAndLeavesNothing()
    {
        await using var disk = await SmallDisk.MountAsync(Cancellation);
        Assert.SkipWhen(disk is null, "this user may not mount a file system");
        await using var store = Store(disk.Path);

        var exception = await FaultAsync(() => UploadAsync(store, Key, Bytes(3_000_000)), ObjectStoreFault.StoreFull);

        exception.Message.ShouldContain("Free space");
        Directory.GetFiles(disk.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await UploadAsync(store, Key, Bytes(100_000))).Size.ShouldBe(100_000);
    }

    [Fact]
    public async Task StaleUploads_OfTheLivingAreLeft_OfTheDeadRemoved()
    {
        await using var store = Store();
        await using var living = await store.OpenUploadAsync(Key, UploadOptions.Default, Cancellation);
        await living.WriteAsync(Bytes(10), Cancellation);
        var dead = Path.Combine(_folder.FullName, "prod", $".ebb-upload-{Guid.NewGuid():N}~dead");
        await File.WriteAllBytesAsync(dead, Bytes(10), Cancellation);
        File.SetLastWriteTimeUtc(dead, TimeProvider.System.GetUtcNow().AddDays(-2).UtcDateTime);

        (await ListAsync(store)).ShouldBeEmpty();
        (await store.RemoveStaleUploadsAsync("prod/", TimeSpan.FromDays(3), Cancellation)).ShouldBeEmpty();
        (await store.RemoveStaleUploadsAsync("other/", TimeSpan.FromHours(-1), Cancellation)).ShouldBeEmpty();
        (await store.RemoveStaleUploadsAsync("prod/", TimeSpan.FromHours(-1), Cancellation)).ShouldHaveSingleItem().Key.Value.ShouldBe("prod/dead");

        (await living.CompleteAsync(Cancellation)).Size.ShouldBe(10);
        (await ListAsync(store)).ShouldBe(["prod/snap"]);
    }

    [Fact]
    public async Task OnlyIfAbsent_ManyWritersAtOnce_OneWins()
    {
        await using var store = Store();
        var options = new UploadOptions { OnlyIfAbsent = true };
        var uploads = new List<UploadStream>();
        for (var i = 0; i < 10; i++)
        {
            uploads.Add(await store.OpenUploadAsync(Key, options, Cancellation));
            await uploads[i].WriteAsync(Bytes(10 + i), Cancellation);
        }

        var outcomes = await Task.WhenAll(uploads.Select(async upload =>
        {
            try
            {
                return (await upload.CompleteAsync(Cancellation)).Size;
            }
            catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.Exists)
            {
                return 0;
            }
        }));
        foreach (var upload in uploads)
        {
            await upload.DisposeAsync();
        }

        var size = outcomes.Where(size => size > 0).ShouldHaveSingleItem();
        (await store.FindAsync(Key, Cancellation)).ShouldNotBeNull().Size.ShouldBe(size);
        Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Retention_IsRefused()
    {
        await using var store = Store();
        var options = new UploadOptions { Retention = new ObjectRetention(RetentionMode.Governance, DateTimeOffset.MaxValue) };
        await FaultAsync(() => store.PutAsync(Key, Bytes(1), options, Cancellation), ObjectStoreFault.NotSupported);
    }

    [Fact]
    public async Task Download_OfAFileThatIsReplaced_IsOfTheOldOne()
    {
        await using var store = Store();
        var old = Bytes(300_000);
        await store.PutAsync(Key, old, UploadOptions.Default, Cancellation);
        await using var download = await store.OpenDownloadAsync(Key, range: null, Cancellation);

        await store.PutAsync(Key, Bytes(10), UploadOptions.Default, Cancellation);

        ShouldBeSame(await download.ReadAllAsync(old.Length, Cancellation), old);
    }
}
