using Ebb.Storage;

namespace Ebb.Worker.Tests.Queues;

/// <summary>Host storage that refuses some operations on queues and runs for a while, as a full disk or a lost database does.</summary>
internal sealed class TroubledStorage(IHostStorage inner) : IHostStorage, IQueueStore, IRunStore
{
    private readonly TaskCompletionSource _healed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _refused;
    private int _hung;

    /// <summary>The operations to refuse now, such as <c>nameof(IQueueStore.SettleAsync)</c>.</summary>
    public IReadOnlyList<string> Refuses { get; set; } = [];

    /// <summary>The operations that do not answer, and do not listen to their token, until <see cref="Heal"/>.</summary>
    public IReadOnlyList<string> Hangs { get; set; } = [];

    /// <summary>How often an operation did not answer.</summary>
    public int Hung => Volatile.Read(ref _hung);

    /// <summary>How often an operation was refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public IQueueStore Queues => this;

    public IScheduleStore Schedules => inner.Schedules;

    public IDocumentStore Documents => inner.Documents;

    public IRunStore Runs => this;

    public ValueTask<EnqueueResult> EnqueueAsync(EnqueueRequest request, CancellationToken cancellationToken) =>
        inner.Queues.EnqueueAsync(request, cancellationToken);

    public async ValueTask<IReadOnlyList<LeasedMessage>> DequeueAsync(DequeueRequest request, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(DequeueAsync));
        return await inner.Queues.DequeueAsync(request, cancellationToken);
    }

    public Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        RefuseIfTold(nameof(WaitForWorkAsync));
        return inner.Queues.WaitForWorkAsync(queues, cancellationToken);
    }

    public async ValueTask<bool> RenewAsync(LeasedMessage message, TimeSpan duration, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(RenewAsync));
        return await inner.Queues.RenewAsync(message, duration, cancellationToken);
    }

    public async ValueTask<bool> SettleAsync(LeasedMessage message, Settlement settlement, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(SettleAsync));
        return await inner.Queues.SettleAsync(message, settlement, cancellationToken);
    }

    public ValueTask<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken) =>
        inner.Queues.CountAsync(queue, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        inner.Queues.CountAsync(queues, cancellationToken);

    public ValueTask<IReadOnlyList<PeekedMessage>> PeekAsync(string queue, bool poisoned, int maxCount, CancellationToken cancellationToken) =>
        inner.Queues.PeekAsync(queue, poisoned, maxCount, cancellationToken);

    public ValueTask<int> RedriveAsync(string queue, RunId? runId, CancellationToken cancellationToken) =>
        inner.Queues.RedriveAsync(queue, runId, cancellationToken);

    public ValueTask<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken) =>
        inner.Queues.PurgeAsync(queue, poisoned, cancellationToken);

    public async ValueTask<Run?> GetAsync(RunId id, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(GetAsync));
        return await inner.Runs.GetAsync(id, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellationToken) => inner.Runs.ListAsync(query, cancellationToken);

    public async Task<Run?> WaitAsync(RunId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(WaitAsync));
        return await inner.Runs.WaitAsync(id, timeout, cancellationToken);
    }

    public ValueTask<IReadOnlyList<FunctionSummary>> SummarizeAsync(CancellationToken cancellationToken) => inner.Runs.SummarizeAsync(cancellationToken);

    public async ValueTask RecordAsync(Run run, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(RecordAsync));
        await inner.Runs.RecordAsync(run, cancellationToken);
    }

    public async ValueTask ReportProgressAsync(RunId id, string progress, CancellationToken cancellationToken)
    {
        await TroubleAsync(nameof(ReportProgressAsync));
        await inner.Runs.ReportProgressAsync(id, progress, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public void Heal()
    {
        Hangs = [];
        _healed.TrySetResult();
    }

    private Task TroubleAsync(string operation)
    {
        RefuseIfTold(operation);
        if (!Hangs.Contains(operation, StringComparer.Ordinal))
        {
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref _hung);
        return _healed.Task;
    }

    private void RefuseIfTold(string operation)
    {
        if (Refuses.Contains(operation, StringComparer.Ordinal))
        {
            Interlocked.Increment(ref _refused);
            throw new HostStorageException("no space left on device");
        }
    }
}
