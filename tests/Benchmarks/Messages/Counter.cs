using System.Diagnostics;

namespace Ebb.Benchmarks.Messages;

/// <summary>Counts handled messages, and times them from the first to the last.</summary>
public sealed class Counter(int messages)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;
    private long _ended;
    private int _count;

    public async Task<double> PerSecondAsync()
    {
        await _done.Task;
        return (messages - 1) / Stopwatch.GetElapsedTime(_started, _ended).TotalSeconds;
    }

    public void Handled()
    {
        var count = Interlocked.Increment(ref _count);
        if (count == 1)
        {
            _started = Stopwatch.GetTimestamp();
        }

        if (count == messages)
        {
            _ended = Stopwatch.GetTimestamp();
            _done.SetResult();
        }
    }
}
