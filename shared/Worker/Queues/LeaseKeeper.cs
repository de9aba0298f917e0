using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

/// <summary>Renews one message's lease until it is disposed or the lease cannot be kept.</summary>
internal sealed partial class LeaseKeeper : IAsyncDisposable
{
    private readonly IQueueStore _queues;
    private readonly LeasedMessage _message;
    private readonly LeaseTerm _term;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _keeping;
    private long _grantedAt;
    private volatile bool _isGone;

    /// <param name="queues">Where the lease is.</param>
    /// <param name="message">The message under the lease.</param>
    /// <param name="askedAt">The timestamp of <paramref name="time"/> before the store was asked for the message.</param>
    /// <param name="term">How it is kept.</param>
    /// <param name="time">The clock; only its timestamps count.</param>
    /// <param name="logger">For what goes wrong.</param>
    public LeaseKeeper(IQueueStore queues, LeasedMessage message, long askedAt, LeaseTerm term, TimeProvider time, ILogger logger)
    {
        (_queues, _message, _grantedAt, _term, _time, _logger) = (queues, message, askedAt, term, time, logger);
        _keeping = KeepAsync(_ended.Token);
    }

    /// <summary>Cancelled when the lease cannot be kept, while there is still time to unwind: the work must end.</summary>
    public CancellationToken Ending => _ending.Token;

    public bool IsEnding => _ending.IsCancellationRequested;

    /// <summary>True when nothing can be settled under the lease any more.</summary>
    public bool HasLapsed => _isGone || Age >= _term.Duration;

    /// <summary>How long something can still be settled under the lease; more than zero.</summary>
    public TimeSpan Left => TimeSpan.FromMilliseconds(Math.Max(1, (_term.Duration - Age).TotalMilliseconds));

    /// <summary>True when there is too little time left to begin work: the lease was long in coming.</summary>
    public bool IsBeyondUse => Age >= _term.CancelAfter;

    /// <summary>Completes when work that was told to end must have ended: from now on it may run elsewhere.</summary>
    public Task Overdue => _overdue.Task;

    private TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _grantedAt));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _keeping;
        _ended.Dispose();
        _ending.Dispose();
    }

    private async Task KeepAsync(CancellationToken ended)
    {
        var due = _term.RenewAfter;
        while (await PauseAsync(due - Age, ended))
        {
            // Past that moment already (the process stood still): a renewal now could hide that the work runs elsewhere.
            if (Age < _term.CancelAfter && await TryRenewAsync(ended) is { } renewed)
            {
                _isGone = !renewed;
                due = _term.RenewAfter;
            }
            else
            {
                due = Age + _term.RetryPause < _term.CancelAfter ? Age + _term.RetryPause : _term.CancelAfter;
            }

            if ((_isGone || Age >= _term.CancelAfter) && !ended.IsCancellationRequested)
            {
                await EndAsync(ended);
                return;
            }
        }
    }

    private async Task EndAsync(CancellationToken ended)
    {
        LogLost(_logger, _message.RunId, _message.Queue);

        // Not awaited: it runs what the function hangs on its token, and that may take for ever.
        _ = _ending.CancelAsync();
        if (await PauseAsync(HasLapsed ? _term.UnwindTime : _term.EndAfter - Age, ended))
        {
            _overdue.TrySetResult();
        }
    }

    /// <returns>False: it ended meanwhile.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken ended)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds)), _time, ended)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !ended.IsCancellationRequested;
    }

    /// <summary>Null: the store did not say in time.</summary>
    private async Task<bool?> TryRenewAsync(CancellationToken ended)
    {
        var asked = _time.GetTimestamp();
        var left = Math.Clamp((_term.CancelAfter - Age).TotalMilliseconds, 1, _term.AnswerLimit.TotalMilliseconds);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ended);
        try
        {
            // A store that hangs may not listen to the token either.
            var renewed = await _queues.RenewAsync(_message, _term.Duration, giveUp.Token).AsTask().WaitAsync(TimeSpan.FromMilliseconds(left), _time, ended);
            Volatile.Write(ref _grantedAt, renewed ? asked : _grantedAt);
            return renewed;
        }
        catch (Exception e) when (e is HostStorageException or OperationCanceledException or TimeoutException)
        {
            await giveUp.CancelAsync();
            if (!ended.IsCancellationRequested)
            {
                LogNotRenewed(_logger, _message.RunId, e);
            }

            return null;
        }
    }
}
