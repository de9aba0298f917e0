namespace Ebb.Storage.Postgres;

/// <summary>
/// Combines what concurrent callers ask for: while one batch is on its way, the next one gathers. So callers share round trips
/// and commits, and a single caller waits for nobody.
/// </summary>
internal sealed class Combiner<TItem, TResult>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> execute, Func<TItem, int> weigh, Func<TItem, bool>? alone = null)
    where TItem : notnull
{
    private const int MaxItems = 500;
    private const int MaxWeight = 4 * 1024 * 1024;

    private const int PauseAfterVainGathering = 32;
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<Pending> _pending = new();
    private TaskCompletionSource? _gathered;
    private int _expected;
    private int _pause;
    private Task _running = Task.CompletedTask;
    private bool _busy;

    /// <summary>Adds an item; its result comes with its batch.</summary>
    public Task<TResult> AddAsync(TItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending(item);
        lock (_lock)
        {
            _pending.Enqueue(pending);
            if (_pending.Count >= _expected)
                _gathered?.TrySetResult();
            if (!_busy)
            {
                _busy = true;
                _running = Task.Run(WorkAsync, CancellationToken.None);
            }
        }
        return pending.Source.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when everything added so far is done.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
            return _running;
    }

    private async Task WorkAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            await ExecuteAsync(batch);
            await GatherAsync(batch.Count);
        }
    }

    // Callers that ask again as soon as they are answered would fall into two camps, each waiting for the other's batch.
    private async Task GatherAsync(int answered)
    {
        TaskCompletionSource gathered;
        lock (_lock)
        {
            var pending = _pending.Count;
            if (answered + pending == 1 || pending >= MaxItems || --_pause > 0)
                return;
            _expected = answered + pending;
            _gathered = gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(gathered.Task, Task.Delay(LongestGathering, TimeProvider.System, over.Token));
        await over.CancelAsync();
        lock (_lock)
        {
            _gathered = null;
            if (first != gathered.Task)
                _pause = PauseAfterVainGathering;
        }
    }

    private List<Pending> Next()
    {
        lock (_lock)
        {
            var batch = new List<Pending>();
            var weight = 0;
            while (_pending.TryPeek(out var next) && batch.Count < MaxItems && (batch.Count == 0 || weight + weigh(next.Item) <= MaxWeight))
            {
                weight += weigh(next.Item);
                if (alone?.Invoke(next.Item) == true)
                {
                    if (batch.Count == 0)
                        batch.Add(_pending.Dequeue());
                    break;
                }
                batch.Add(_pending.Dequeue());
            }
            _busy = batch.Count > 0;
            return batch;
        }
    }

    private async Task ExecuteAsync(List<Pending> batch)
    {
        try
        {
            var results = await execute([.. batch.Select(pending => pending.Item)]);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Source.TrySetResult(results[i]);
        }
        catch (Exception e) when (batch.Count > 1 && PostgresErrors.IsOfTheStatement(e))
        {
            // One of them is refused by the database; the others must not suffer.
            foreach (var pending in batch)
                await ExecuteAsync([pending]);
        }
        catch (Exception e)
        {
            foreach (var pending in batch)
                pending.Source.TrySetException(e is HostStorageException or ObjectDisposedException ? e : new HostStorageException($"The database refused the data: {e.Message}", e));
        }
    }

    private sealed class Pending(TItem item)
    {
        public TItem Item => item;

        public TaskCompletionSource<TResult> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
