using System.Diagnostics;

namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>Completes when that many jobs were done.</summary>
public sealed class Countdown(int count)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;
    private long _first;

    /// <summary>Completes with the last job.</summary>
    public Task Done => _done.Task;

    /// <summary>When the first job was done, as a timestamp; the start of processes is not the queue's speed.</summary>
    public long First => Volatile.Read(ref _first);

    /// <summary>One job is done.</summary>
    public void One()
    {
        if (First == 0)
        {
            Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        }

        if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.SetResult();
        }
    }
}
