using Ebb.Scaler.Metrics;
using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Reading;

/// <summary>
/// Reads host storage for all callers at once: one read answers everybody who asks within its age, and at most one more waits behind
/// the one under way. A read that fails or takes too long fails for all of them.
/// </summary>
internal sealed partial class SnapshotReader(
    IStorageSource source, KnownApps apps, TimeSpan timeout, ScalerMetrics metrics, TimeProvider time, ILogger<SnapshotReader> logger)
{
    // So that a storage that is down is not asked by every caller anew.
    private static readonly TimeSpan FailureAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Read? _current;
    private Task<StorageSnapshot>? _next;
    private bool _failing;

    /// <summary>A snapshot that holds these queues and whose read began at most <paramref name="maxAge"/> ago.</summary>
    /// <exception cref="StorageUnavailableException">Host storage did not answer.</exception>
    public Task<StorageSnapshot> ReadAsync(IReadOnlyCollection<string> queues, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is { } current)
            {
                var age = time.GetElapsedTime(current.Started);
                if ((age <= maxAge || (current.Task.IsFaulted && age <= FailureAge)) && current.Queues.IsSupersetOf(queues))
                {
                    return current.Task.WaitAsync(cancellationToken);
                }

                if (!current.Task.IsCompleted)
                {
                    _next ??= AfterAsync(current.Task);
                    return ReadAgainAsync(_next, queues, cancellationToken);
                }
            }

            return Start(queues).WaitAsync(cancellationToken);
        }
    }

    private async Task<StorageSnapshot> AfterAsync(Task<StorageSnapshot> current)
    {
        await ((Task)current).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<StorageSnapshot> next;
        lock (_gate)
        {
            _next = null;
            next = Start([]);
        }

        return await next;
    }

    // Who waited for the next read may have named a queue that nobody else knows.
    private async Task<StorageSnapshot> ReadAgainAsync(
        Task<StorageSnapshot> next, IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        var snapshot = await next.WaitAsync(cancellationToken);
        return queues.All(snapshot.Queues.ContainsKey) ? snapshot : await ReadAsync(queues, TimeSpan.Zero, cancellationToken);
    }

    private Task<StorageSnapshot> Start(IReadOnlyCollection<string> queues)
    {
        var all = apps.All.SelectMany(app => app.AllQueues).Concat(queues).ToHashSet(StringComparer.Ordinal);
        var task = Task.Run(() => ReadOnceAsync(all));
        _current = new(time.GetTimestamp(), all, task);

        // Its failure is told to whoever waits; nobody may be.
        _ = task.ContinueWith(failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }

    private async Task<StorageSnapshot> ReadOnceAsync(HashSet<string> queues)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        metrics.CountRead();
        try
        {
            var storage = source.Storage;
            var snapshot = await FromAsync(storage, queues, limit.Token).WaitAsync(limit.Token);
            Tell(null);
            return snapshot;
        }
        catch (Exception error)
        {
            metrics.CountStorageError();
            Tell(error);
            throw Unavailable(error, limit.IsCancellationRequested);
        }
    }

    private static async Task<StorageSnapshot> FromAsync(IHostStorage storage, HashSet<string> queues, CancellationToken cancellationToken)
    {
        var counts = await storage.Queues.CountAsync(queues, cancellationToken);
        var timers = await storage.Schedules.ListAsync(cancellationToken);
        return new(counts, timers.ToDictionary(timer => timer.Timer, StringComparer.Ordinal));
    }

    private StorageUnavailableException Unavailable(Exception error, bool late) => error switch
    {
        StorageUnavailableException said => said,
        _ when late => new($"Host storage did not answer within {timeout.TotalSeconds:0.#} s.", error),
        HostStorageException said => new($"Host storage does not answer: {said.Message}", error),
        _ => new($"Host storage does not answer ({error.GetType().Name}); the scaler's log says more.", error),
    };

    // Once when it begins and once when it ends: reads are many.
    private void Tell(Exception? error)
    {
        if (error is null == _failing)
        {
            _failing = error is not null;
            if (error is null)
            {
                LogBack();
            }
            else if (error is not StorageUnavailableException)
            {
                LogDown(error);
            }
        }
    }

    private sealed record Read(long Started, HashSet<string> Queues, Task<StorageSnapshot> Task);
}
