using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace Ebb.ObjectStore.Files;

/// <summary>A directory: each object a file. The directory must exist: a volume that is not mounted is not written beside.</summary>
internal sealed class FileStore(string root, TimeProvider time) : IObjectStore
{
    private const int MaxEntries = 100_000;

    // A directory that may not be read must not look like one without backups: no inaccessible ones are left out.
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };

    public string Address { get; } = $"file://{root}";

    public async ValueTask<UploadStream> OpenUploadAsync(ObjectKey key, UploadOptions options, CancellationToken cancellationToken)
    {
        if (options.Retention is not null)
        {
            throw new ObjectStoreException($"{Address} is a directory and has no Object Lock. Set no retention, or use an S3 store that has it.", ObjectStoreFault.NotSupported);
        }

        if (options.OnlyIfAbsent && await FindAsync(key, cancellationToken) is not null)
        {
            throw FileFaults.Exists(Address, key, inner: null);
        }

        RequireRoot();
        return FileFaults.Named($"create '{key}'", Address, () => new FileUpload(this, key, options));
    }

    public Task<DownloadStream> OpenDownloadAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        RequireRoot();
        return Task.FromResult(FileFaults.Named<DownloadStream>($"open '{key}'", Address, () => FileDownload.Open(this, key, range)));
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string keyPrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var file in await FilesAsync(keyPrefix, cancellationToken))
        {
            if (!UploadFile.IsOne(file) && Key(file.FullName) is { } key && key.Value.StartsWith(keyPrefix, StringComparison.Ordinal) && Info(key, file) is { } info)
            {
                yield return ++count <= MaxEntries
                    ? info
                    : throw new ObjectStoreException($"{Address} has more than {MaxEntries} files under '{keyPrefix}'. Give the backups a directory of their own.", ObjectStoreFault.TooLarge);
            }
        }
    }

    public Task<ObjectInfo?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        RequireRoot();
        return Task.FromResult(Info(key, new FileInfo(PathOf(key))));
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        RequireRoot();
        var path = PathOf(key);
        if (File.Exists(path))
        {
            FileFaults.Named($"delete '{key}'", Address, () => DurableDirectory.Delete(path));
        }

        return Task.CompletedTask;
    }

    public async Task<StoredObject> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, UploadOptions options, CancellationToken cancellationToken)
    {
        await using var upload = await OpenUploadAsync(key, options, cancellationToken);
        await upload.WriteAsync(content, cancellationToken);
        return await upload.CompleteAsync(cancellationToken);
    }

    public async Task<byte[]?> GetAsync(ObjectKey key, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await OpenDownloadAsync(key, range: null, cancellationToken);
            return await download.ReadAllAsync(maxBytes, cancellationToken);
        }
        catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<StaleUpload>> RemoveStaleUploadsAsync(string keyPrefix, TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - olderThan;
        var removed = new List<StaleUpload>();
        foreach (var file in (await FilesAsync(keyPrefix, cancellationToken)).Where(UploadFile.IsOne))
        {
            var written = new DateTimeOffset(file.LastWriteTimeUtc);
            if (written < before && Key(UploadFile.TargetOf(file.FullName)) is { } key && key.Value.StartsWith(keyPrefix, StringComparison.Ordinal)
                && FileFaults.Named($"remove '{file.Name}'", Address, () => UploadFile.TryRemove(file.FullName)))
            {
                removed.Add(new StaleUpload(key, written));
            }
        }

        return removed;
    }

    public Task<StoreProbe> ProbeAsync(CancellationToken cancellationToken) => new FileProbe(this, root, time).RunAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal string PathOf(ObjectKey key) => Path.Combine(root, key.Value);

    internal static ObjectInfo? Info(ObjectKey key, FileInfo file) => file.Exists
        ? new ObjectInfo
        {
            Key = key,
            Size = file.Length,
            LastModified = new DateTimeOffset(file.LastWriteTimeUtc),
            ETag = $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}",
        }
        : null;

    // Looks only into directories that can hold such keys: a volume's lost+found may not be read.
    private Task<List<FileInfo>> FilesAsync(string keyPrefix, CancellationToken cancellationToken)
    {
        RequireRoot();
        return Task.Run(() => FileFaults.Named("list the files", Address, () => Files(keyPrefix).ToList()), cancellationToken);
    }

    private FileSystemEnumerable<FileInfo> Files(string keyPrefix) => new(root, (ref FileSystemEntry entry) => (FileInfo)entry.ToFileSystemInfo(), Everything)
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref FileSystemEntry entry) => MayHold($"{Path.GetRelativePath(root, entry.ToFullPath())}/", keyPrefix),
    };

    private static bool MayHold(string directory, string keyPrefix) =>
        directory.StartsWith(keyPrefix, StringComparison.Ordinal) || keyPrefix.StartsWith(directory, StringComparison.Ordinal);

    private ObjectKey? Key(string path) => ObjectKey.TryParse(Path.GetRelativePath(root, path), out var key) ? key : null;

    private void RequireRoot()
    {
        if (!Directory.Exists(root))
        {
            throw new ObjectStoreException($"{Address} does not exist. Create the directory, or mount the volume it is on.", ObjectStoreFault.BucketMissing);
        }

        // Throws where it may not be read: a file in it would only seem to be missing.
        FileFaults.Named("list the files", Address, () => Directory.EnumerateFileSystemEntries(root).Any());
    }
}
