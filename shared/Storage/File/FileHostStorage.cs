using Microsoft.Extensions.Logging;

namespace Ebb.Storage.File;

/// <summary>Host storage in a directory, for one process.</summary>
internal sealed partial class FileHostStorage : IHostStorage
{
    private readonly FileEngine _engine;
    private readonly DirectoryLock _lock;

    private FileHostStorage(FileEngine engine, DirectoryLock @lock, TimeProvider time)
    {
        (_engine, _lock) = (engine, @lock);
        Queues = new FileQueueStore(engine, time);
        Schedules = new FileScheduleStore(engine, time);
        Documents = new FileDocumentStore(engine);
        Runs = new FileRunStore(engine, time);
    }

    public IQueueStore Queues { get; }

    public IScheduleStore Schedules { get; }

    public IDocumentStore Documents { get; }

    public IRunStore Runs { get; }

    /// <summary>Opens the store in a directory, which is created when it is missing.</summary>
    public static async Task<IHostStorage> OpenAsync(
        JournalDirectory directory, HostStorageOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            var logger = loggers.CreateLogger<FileHostStorage>();
            PrivateFiles.CreateDirectory(directory.Path);
            if (directory.Tighten() is { Count: > 0 } open)
                LogTightened(logger, directory.Path, string.Join(", ", open));
            var owned = DirectoryLock.Take(directory.Path, options.AdminUrl, time);
            try
            {
                var engine = await FileEngine.OpenAsync(directory, options, time, logger);
                return new FileHostStorage(engine, owned, time);
            }
            catch
            {
                owned.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostStorageException(
                $"Host storage {directory.Path} cannot be used: {e.Message} The directory must exist or be creatable, be writable "
                + $"for user {Environment.UserName}, and have free space (setting Storage).", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _lock.Dispose();
    }
}
