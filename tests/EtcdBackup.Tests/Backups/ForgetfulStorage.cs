using Ebb.Storage;

namespace Ebb.EtcdBackup.Tests.Backups;

/// <summary>Host storage that fails to write a document when it is told to.</summary>
internal sealed class ForgetfulStorage(IHostStorage storage) : IHostStorage, IDocumentStore
{
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _told;
    private int _failed;

    public IQueueStore Queues => storage.Queues;

    public IScheduleStore Schedules => storage.Schedules;

    public IDocumentStore Documents => this;

    public IRunStore Runs => storage.Runs;

    /// <summary>The next write fails; completes with the first one after it.</summary>
    public Task FailOnceAsync()
    {
        Volatile.Write(ref _told, 1);
        return _recovered.Task;
    }

    public ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken) => storage.Documents.GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken) => storage.Documents.ListAsync(prefix, cancellationToken);

    public async ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _told, 0) == 1)
        {
            Volatile.Write(ref _failed, 1);
            throw new HostStorageException("The database is away.");
        }

        var version = await storage.Documents.PutAsync(key, value, expectedVersion, cancellationToken);
        if (Volatile.Read(ref _failed) == 1)
        {
            _recovered.TrySetResult();
        }

        return version;
    }

    public ValueTask<bool> DeleteAsync(string key, long? expectedVersion, CancellationToken cancellationToken) => storage.Documents.DeleteAsync(key, expectedVersion, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
