namespace Ebb.ObjectStore.Files;

/// <summary>Writes beside the target, makes it durable, then renames: fsync of the file, rename, fsync of the directory.</summary>
internal sealed class FileUpload : UploadStream
{
    private readonly FileStore _store;
    private readonly UploadOptions _options;
    private readonly string _target;
    private readonly string _path;
    private readonly FileStream _file;

    public FileUpload(FileStore store, ObjectKey key, UploadOptions options)
        : base(key)
    {
        (_store, _options, _target) = (store, options, store.PathOf(key));
        DurableDirectory.Create(Path.GetDirectoryName(_target)!);
        _path = UploadFile.For(_target);
        _file = UploadFile.Create(_path);
    }

    protected override async ValueTask AcceptAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Of(exception, $"write '{Key}'", _store.Address);
        }
    }

    protected override async Task<StoredObject> FinishAsync(string sha256, CancellationToken cancellationToken)
    {
        await Task.Run(() => FileFaults.Named($"complete '{Key}'", _store.Address, Publish), cancellationToken);
        await _file.DisposeAsync();
        var info = await _store.FindAsync(Key, cancellationToken);
        return info?.Size == BytesWritten
            ? new StoredObject { Key = Key, Size = BytesWritten, Sha256 = sha256, ETag = info.ETag, ETagCheck = ETagCheck.NotComparable }
            : throw new ObjectStoreException($"{_store.Address} has {info?.Size ?? 0} of the {BytesWritten} bytes of '{Key}'. Does something else write there?", ObjectStoreFault.Corrupt);
    }

    protected override async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        await _file.DisposeAsync();
        FileFaults.Named($"remove '{Path.GetFileName(_path)}'", _store.Address, () => File.Delete(_path));
    }

    // The lock is held until the file has its name, so that nobody takes it for a dead process's.
    private void Publish()
    {
        _file.Flush(flushToDisk: true);
        if (!_options.OnlyIfAbsent)
        {
            File.Move(_path, _target, overwrite: true);
        }
        else if (DurableDirectory.TryLink(_path, _target))
        {
            File.Delete(_path);
        }
        else
        {
            throw FileFaults.Exists(_store.Address, Key, inner: null);
        }

        DurableDirectory.Sync(Path.GetDirectoryName(_target)!);
    }
}
