using Ebb.Storage.Rules;

namespace Ebb.Storage.Sqlite;

/// <summary>The runs of a SQLite store.</summary>
internal sealed class SqliteRunStore(SqliteEngine engine, TimeProvider time) : IRunStore
{
    private const int MaxProgressLength = 500;

    public ValueTask<Run?> GetAsync(RunId id, CancellationToken cancellationToken) =>
        engine.ReadAsync(work => RunTable.Find(work, id, engine.Kept(work)), cancellationToken);

    public ValueTask<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        StorageNames.Check(query);
        return engine.ReadAsync(work => RunTable.List(work, query, engine.Kept(work)), cancellationToken);
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
        engine.ReadAsync(RunTable.Summarize, cancellationToken);

    public async ValueTask RecordAsync(Run run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Queue is not null)
            throw new ArgumentException($"Run {run.Id} names queue {run.Queue}; a run that a queue carries is created by enqueuing.", nameof(run));
        await engine.WriteUnflushedAsync(
            work =>
            {
                RunTable.Record(work, run);
                return true;
            },
            cancellationToken);
    }

    public async ValueTask ReportProgressAsync(RunId id, string progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var kept = StoredText.Clean(progress.Length <= MaxProgressLength ? progress : progress[..MaxProgressLength])!;
        await engine.WriteUnflushedAsync(
            work =>
            {
                RunTable.Report(work, id, kept);
                return true;
            },
            cancellationToken);
    }
}
