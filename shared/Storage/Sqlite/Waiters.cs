using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ebb.Storage.Sqlite;

/// <summary>Who waits for a message on a queue or for the end of a run. Used by one at a time.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<string, HashSet<TaskCompletionSource>> _queues = [];
    private readonly Dictionary<RunId, HashSet<TaskCompletionSource>> _runs = [];
    private readonly ConcurrentQueue<Action> _cancelled = new();

    public Task ForQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        Register(_queues, queues, cancellationToken);

    public Task ForRunAsync(RunId id, CancellationToken cancellationToken) => Register(_runs, [id], cancellationToken);

    /// <summary>Completes those whose queue or run changed, and forgets those that gave up.</summary>
    public void Wake(Work work)
    {
        while (_cancelled.TryDequeue(out var forget))
            forget();
        foreach (var queue in work.WokenQueues)
            Complete(_queues, queue);
        foreach (var run in work.EndedRuns)
            Complete(_runs, run);
    }

    /// <summary>Fails everybody: the store is closed.</summary>
    public void Close()
    {
        var closed = new ObjectDisposedException(nameof(IHostStorage), "Host storage was closed while this waited.");
        foreach (var source in _queues.Values.Concat(_runs.Values).SelectMany(sources => sources))
            source.TrySetException(closed);
    }

    private Task Register<TKey>(
        Dictionary<TKey, HashSet<TaskCompletionSource>> waiters, IReadOnlyCollection<TKey> keys, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var key in keys)
            (CollectionsMarshal.GetValueRefOrAddDefault(waiters, key, out _) ??= []).Add(source);
        void Forget() => Remove(waiters, keys, source);
        var registration = cancellationToken.Register(() =>
        {
            source.TrySetCanceled(cancellationToken);
            _cancelled.Enqueue(Forget);
        });
        _ = source.Task.ContinueWith(
            _ =>
            {
                registration.Dispose();
                _cancelled.Enqueue(Forget);
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return source.Task;
    }

    private static void Complete<TKey>(Dictionary<TKey, HashSet<TaskCompletionSource>> waiters, TKey key)
        where TKey : notnull
    {
        if (!waiters.Remove(key, out var sources))
            return;
        foreach (var source in sources)
            source.TrySetResult();
    }

    private static void Remove<TKey>(
        Dictionary<TKey, HashSet<TaskCompletionSource>> waiters, IReadOnlyCollection<TKey> keys, TaskCompletionSource source)
        where TKey : notnull
    {
        foreach (var key in keys)
        {
            if (waiters.TryGetValue(key, out var sources) && sources.Remove(source) && sources.Count == 0)
                waiters.Remove(key);
        }
    }
}
