using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

/// <summary>Writes a run's newest line of progress, a few times a second at most.</summary>
internal sealed partial class ProgressReporter(IRunStore runs, RunId runId, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _newest;
    private Task _writing = Task.CompletedTask;
    private bool _closed;

    public void Report(string progress)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _newest = progress;
            if (_writing.IsCompleted)
            {
                _writing = Task.Run(WriteAsync);
            }
        }
    }

    /// <summary>Takes no more, and waits for the line that is being written.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _closing.TrySetResult();
            return _writing;
        }
    }

    private async Task WriteAsync()
    {
        while (Take() is { } line)
        {
            try
            {
                await runs.ReportProgressAsync(runId, line, CancellationToken.None);
            }
            catch (HostStorageException e)
            {
                LogNotWritten(logger, runId, e);
            }

            await Task.WhenAny(Task.Delay(Interval, time), _closing.Task);
        }
    }

    private string? Take()
    {
        lock (_gate)
        {
            var line = _newest;
            _newest = null;
            if (line is null)
            {
                // Decided under the gate, so that a line reported from now on starts a new writer.
                _writing = Task.CompletedTask;
            }

            return line;
        }
    }
}
