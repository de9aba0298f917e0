namespace Ebb.ObjectStore.Files;

/// <summary>Reads a file. One that is replaced meanwhile is read on as it was: the handle keeps it.</summary>
internal sealed class FileDownload : DownloadStream
{
    private readonly FileStore _store;
    private readonly FileStream _file;

    private FileDownload(FileStore store, FileStream file, ObjectInfo info, long length)
        : base(info, length) => (_store, _file) = (store, file);

    public static FileDownload Open(FileStore store, ObjectKey key, ByteRange? range)
    {
        var path = store.PathOf(key);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        try
        {
            var info = FileStore.Info(key, new FileInfo(path)) ?? throw new FileNotFoundException(message: null, path);
            var size = file.Length;
            var length = range is { } part
                ? part.LengthIn(size) ?? throw new ObjectStoreException($"The range {range} of '{key}' is empty or begins behind its {size} bytes.", ObjectStoreFault.InvalidRange)
                : size;
            file.Position = range?.Offset ?? 0;
            return new FileDownload(store, file, info with { Size = size }, length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await _file.ReadAsync(buffer, cancellationToken);
            return read > 0
                ? read
                : throw new ObjectStoreException($"{_store.Address}: '{Info.Key}' became shorter while it was read.", ObjectStoreFault.Changed);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Of(exception, $"read '{Info.Key}'", _store.Address);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
