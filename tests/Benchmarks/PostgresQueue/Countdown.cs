namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>Completes when that many jobs were done.</summary>
public sealed class Countdown(int count)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;

    /// <summary>Completes with the last job.</summary>
    public Task Done => _done.Task;

    /// <summary>One job is done.</summary>
    public void One()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.SetResult();
        }
    }
}
