namespace Ebb.Storage.Tests.Conformance;

/// <summary>Host storage whose documents cannot be reached for a while.</summary>
internal sealed class InterruptedStorage(IHostStorage storage) : IHostStorage, IDocumentStore
{
    private int _writes;

    public volatile bool IsAway;

    /// <summary>How many writes were answered, by a failure too.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public IQueueStore Queues => storage.Queues;

    public IScheduleStore Schedules => storage.Schedules;

    public IDocumentStore Documents => this;

    public IRunStore Runs => storage.Runs;

    public ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken) => Reached().GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken) => Reached().ListAsync(prefix, cancellationToken);

    public async ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, Fence? fence, CancellationToken cancellationToken)
    {
        try
        {
            return await Reached().PutAsync(key, value, expectedVersion, fence, cancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref _writes);
        }
    }

    public ValueTask<bool> DeleteAsync(string key, long? expectedVersion, Fence? fence, CancellationToken cancellationToken) =>
        Reached().DeleteAsync(key, expectedVersion, fence, cancellationToken);

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => Reached().NowAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IDocumentStore Reached() => IsAway ? throw new HostStorageException("The database is away.") : storage.Documents;
}
