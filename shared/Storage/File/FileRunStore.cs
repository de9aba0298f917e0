using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>The runs of a file store.</summary>
internal sealed class FileRunStore(FileEngine engine, TimeProvider time) : IRunStore
{
    private const int MaxProgressLength = 500;

    public ValueTask<Run?> GetAsync(RunId id, CancellationToken cancellationToken) =>
        engine.ReadAsync(state => state.Run(id), cancellationToken);

    public ValueTask<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        StorageNames.Check(query);
        return engine.ReadAsync(state => state.Runs(query), cancellationToken);
    }

    public async Task<Run?> WaitAsync(RunId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        while (true)
        {
            var over = false;
            try
            {
                await engine.WaitForEndAsync(id, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                over = true;
            }
            var run = await GetAsync(id, cancellationToken);
            if (over || run is null or { IsFinal: true })
                return run;
        }
    }

    public ValueTask<IReadOnlyList<FunctionSummary>> SummarizeAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync(state => state.Summaries(), cancellationToken);

    public async ValueTask RecordAsync(Run run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Queue is not null)
            throw new ArgumentException($"Run {run.Id} names queue {run.Queue}; a run that a queue carries is created by enqueuing.", nameof(run));
        await engine.WriteAsync((state, _) => Decision<bool>.Of(state.DecideRecord(run), true), Durability.OfNone, cancellationToken);
    }

    public async ValueTask ReportProgressAsync(RunId id, string progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var kept = progress.Length <= MaxProgressLength ? progress : progress[..MaxProgressLength];
        await engine.WriteAsync((state, _) => Decision<bool>.Of(state.DecideProgress(id, kept), true), Durability.OfNone, cancellationToken);
    }
}
