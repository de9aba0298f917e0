using System.Diagnostics;
using Ebb.Storage;
using Ebb.Worker.Definitions;

namespace Ebb.Worker.Queues;

/// <summary>
/// The record of one attempt whose message another system carries. Quick attempts are written once, at their end; an attempt
/// that takes longer is shown as running meanwhile. The store's trouble is not the message's: it is logged, and the work goes on.
/// </summary>
internal sealed partial class RunRecord
{
    private const int MaxAttempts = 20;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);

    // A store that is well answers sooner. What was asked of one that is not goes on, and the message no longer waits for it.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private readonly HostedFunction _function;
    private readonly LeasedMessage _message;
    private readonly bool _identified;
    private readonly ListenerServices _services;
    private readonly DateTimeOffset _startedAt;
    private IReadOnlyList<RunAttempt>? _earlier;
    private ProgressReporter? _progress;
    private string? _lastProgress;
    private Task _written = Task.CompletedTask;
    private TimeSpan _patience = LongestAnswer;

    public RunRecord(HostedFunction function, LeasedMessage message, bool identified, ListenerServices services)
    {
        (_function, _message, _identified, _services) = (function, message, identified, services);
        _startedAt = services.State.Time.GetUtcNow();
    }

    public void Report(string line)
    {
        _lastProgress = line;
        Volatile.Read(ref _progress)?.Report(line);
    }

    /// <summary>Records the run as running unless the call ends soon.</summary>
    public async Task ShowWhileAsync(Task call)
    {
        if (!_identified || call.IsCompleted)
        {
            return;
        }

        await Task.WhenAny(call, Task.Delay(Quick, _services.State.Time));
        if (call.IsCompleted)
        {
            return;
        }

        await WriteAsync(Current(RunState.Running) with { Attempts = [.. await EarlierAsync(), Attempt(null, null)] });
        var progress = new ProgressReporter(_services.Storage.Runs, _message.RunId, _services.State.Time, _services.Logger);
        Volatile.Write(ref _progress, progress);
        if (_lastProgress is { } line)
        {
            progress.Report(line);
        }
    }

    public Task CloseProgressAsync() => AnswerAsync(_progress?.CloseAsync() ?? Task.CompletedTask);

    public async Task EndAsync(Settlement settlement, string? traceId)
    {
        var now = _services.State.Time.GetUtcNow();
        var run = settlement switch
        {
            Settlement.Succeeded succeeded => Current(RunState.Succeeded) with { Result = succeeded.Result, EndedAt = now },
            Settlement.Failed failed => Current(RunState.Failed) with { Error = failed.Error, Result = failed.Result, EndedAt = now },
            Settlement.Poisoned poisoned => Current(RunState.Poisoned) with { Error = poisoned.Error, Result = poisoned.Result, EndedAt = now },
            Settlement.Retried retried => Current(RunState.Queued) with { Error = retried.Error, Result = retried.Result },
            _ => Current(RunState.Queued),
        };
        if (settlement is Settlement.Released && !_identified)
        {
            return;
        }

        var earlier = await EarlierAsync();
        await WriteAsync(run with
        {
            TraceId = traceId ?? run.TraceId,
            Attempts = settlement is Settlement.Released ? earlier : [.. earlier.TakeLast(MaxAttempts - 1), Attempt(now, run.Error)],
        });
    }

    private Run Current(RunState state) => new()
    {
        Id = _message.RunId,
        Function = _function.Name,
        Trigger = _message.Trigger,
        State = state,
        CreatedAt = _message.EnqueuedAt,
        StartedAt = _startedAt,
        TraceId = ActivityContext.TryParse(_message.TraceParent, null, out var parent) ? parent.TraceId.ToHexString() : null,
        Caller = _message.Caller,
        Progress = _lastProgress,
    };

    private RunAttempt Attempt(DateTimeOffset? endedAt, RunError? error) => new(_startedAt, endedAt, _services.State.InstanceId, error);

    // Only a message that was here before can have attempts to keep.
    private async ValueTask<IReadOnlyList<RunAttempt>> EarlierAsync()
    {
        if (_earlier is null && _message.DequeueCount > 1)
        {
            try
            {
                var asked = _services.Storage.Runs.GetAsync(_message.RunId, CancellationToken.None).AsTask();
                await AnswerAsync(asked);
                _earlier = asked.IsCompleted ? (await asked)?.Attempts : null;
            }
            catch (HostStorageException e)
            {
                LogNotRecorded(_services.Logger, _message.RunId, _function.Name, e);
            }
        }

        return _earlier ??= [];
    }

    private Task WriteAsync(Run run) => AnswerAsync(_written = WriteAfterAsync(_written, run));

    private async Task AnswerAsync(Task asked)
    {
        await asked.WaitAsync(_patience, _services.State.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _patience = asked.IsCompleted ? _patience : TimeSpan.Zero;
    }

    private async Task WriteAfterAsync(Task before, Run run)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _services.Storage.Runs.RecordAsync(run, CancellationToken.None);
        }
        catch (Exception e) when (e is HostStorageException or ArgumentException)
        {
            LogNotRecorded(_services.Logger, _message.RunId, _function.Name, e);
        }
    }
}
