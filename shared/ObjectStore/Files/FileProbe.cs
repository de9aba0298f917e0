using static Ebb.ObjectStore.StoreCapability;

namespace Ebb.ObjectStore.Files;

/// <summary>Tries what a directory supports: hard links and space.</summary>
internal sealed class FileProbe(FileStore store, string root, TimeProvider time) : ProbeRun(store, time)
{
    private const long LeastSpace = 256 * 1024 * 1024;

    protected override async Task TryMoreAsync(CancellationToken cancellationToken)
    {
        await TryAsync(OnlyIfAbsent, "Use a file system that has hard links.", () => ReplaceAsync(cancellationToken));
        await TryAsync(LargeObjects, "Free space, or use a larger volume.", () => SpaceAsync());
        await TryAsync(StaleUploads, "", () => store.RemoveStaleUploadsAsync(Key.Value, TimeSpan.FromDays(1), cancellationToken));
        await TryAsync(Retention, "", () => LockAsync(cancellationToken));
    }

    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        var other = Key.Append("-link");
        await store.PutAsync(other, Content, new UploadOptions { OnlyIfAbsent = true }, cancellationToken);
        await store.DeleteAsync(other, cancellationToken);
    }

    private Task SpaceAsync()
    {
        var free = new DriveInfo(root).AvailableFreeSpace;
        return free >= LeastSpace
            ? Task.CompletedTask
            : throw new ObjectStoreException($"{store.Address} has {free / (1024 * 1024)} MiB of space left.", ObjectStoreFault.StoreFull);
    }

    private async Task LockAsync(CancellationToken cancellationToken)
    {
        var options = new UploadOptions { Retention = new ObjectRetention(RetentionMode.Governance, DateTimeOffset.MaxValue) };
        await using var upload = await store.OpenUploadAsync(Key, options, cancellationToken);
    }
}
