using System.Runtime.InteropServices;

namespace Ebb.Worker.Hosting;

/// <summary>SIGTERM and SIGINT: the first asks to stop, the second to stop at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _term;
    private readonly PosixSignalRegistration _interrupt;
    private int _count;

    public StopSignals()
    {
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken First => _first.Token;

    /// <summary>Completes with the second.</summary>
    public Task Second => _second.Task;

    public Task WaitForFirstAsync()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _first.Token.Register(() => first.TrySetResult());
        return first.Task;
    }

    public void Dispose()
    {
        _term.Dispose();
        _interrupt.Dispose();
        _first.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _ = _first.CancelAsync();
        }
        else
        {
            _second.TrySetResult();
        }
    }
}
