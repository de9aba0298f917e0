using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Hosting;

/// <summary>Where the host stands, and the signals that its parts follow when it drains or stops.</summary>
internal sealed partial class HostState(TimeProvider time, ILogger<HostState> logger) : IDisposable
{
    private readonly CancellationTokenSource _taking = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _graceOver = new();
    private readonly TaskCompletionSource<string> _recycled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _halted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _invocations;

    public TimeProvider Time { get; } = time;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Names this process: the pod's name where there is one, and a part that a restart changes.</summary>
    public string InstanceId { get; } = $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>True from the moment listeners and web server run.</summary>
    public bool IsStarted { get; private set; }

    public bool IsReady => IsStarted && !IsDraining && !IsStopping;

    public bool IsDraining => _taking.IsCancellationRequested;

    public bool IsStopping => _stopping.IsCancellationRequested;

    public int RunningInvocations => Volatile.Read(ref _invocations);

    /// <summary>Cancelled when no new work is to be taken from queues and timers.</summary>
    public CancellationToken Taking => _taking.Token;

    /// <summary>Cancelled when the host stops: answers that only wait for something end now.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when the grace of a stop is over: running functions are to end now.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>Completes when the rest is handed back, whether or not it has ended.</summary>
    public Task Abandoned => _abandoned.Task;

    /// <summary>Completes with the name of a function that made the process unfit to go on.</summary>
    public Task<string> Recycled => _recycled.Task;

    /// <summary>Completes when the process must end at once: every further moment could do harm.</summary>
    public Task Halted => _halted.Task;

    public string Name => !IsStarted ? "Starting" : IsStopping ? "Stopping" : "Running";

    public void Started() => IsStarted = true;

    public Task DrainAsync() => _taking.CancelAsync();

    public async Task StopAsync()
    {
        await _taking.CancelAsync();
        await _stopping.CancelAsync();
    }

    /// <summary>Not waited for: it runs what functions hang on their tokens, and that may take for ever, or throw.</summary>
    public void EndGrace() => _ = _graceOver.CancelAsync();

    public void Abandon() => _abandoned.TrySetResult();

    public void Recycle(string function)
    {
        if (_recycled.TrySetResult(function))
        {
            LogRecycling(logger, function);
        }
    }

    public void Halt(string function, RunId runId, string sequenceKey)
    {
        LogHalting(logger, function, runId, sequenceKey);
        _halted.TrySetResult();
    }

    public Counted CountInvocation()
    {
        Interlocked.Increment(ref _invocations);
        return new Counted(this);
    }

    public void Dispose()
    {
        _taking.Dispose();
        _stopping.Dispose();
        _graceOver.Dispose();
    }

    /// <summary>An invocation that is under way until this is disposed.</summary>
    internal readonly struct Counted(HostState state) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref state._invocations);
    }
}
