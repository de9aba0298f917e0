using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

/// <summary>Renews one message's lease at a third of its duration, until it is disposed or the lease is lost.</summary>
internal sealed partial class LeaseKeeper : IAsyncDisposable
{
    private readonly IQueueStore _queues;
    private readonly LeasedMessage _message;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewing;
    private DateTimeOffset _expiresAt;

    public LeaseKeeper(IQueueStore queues, LeasedMessage message, TimeSpan duration, TimeProvider time, ILogger logger)
    {
        (_queues, _message, _duration, _time, _logger) = (queues, message, duration, time, logger);
        _expiresAt = message.LeaseExpiresAt;
        _renewing = RenewAsync(_ended.Token);
    }

    /// <summary>Cancelled once the lease is lost: the work may already run elsewhere.</summary>
    public CancellationToken Lost => _lost.Token;

    public bool IsLost => _lost.IsCancellationRequested;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var pause = _duration / 3;
        while (true)
        {
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (await TryRenewAsync(cancellationToken) is not { } renewed)
            {
                pause = _duration / 10;
                renewed = _time.GetUtcNow() < _expiresAt;
            }
            else
            {
                pause = _duration / 3;
            }

            if (!renewed && !cancellationToken.IsCancellationRequested)
            {
                LogLost(_logger, _message.RunId, _message.Queue);
                await _lost.CancelAsync();
                return;
            }
        }
    }

    /// <summary>Null: the store could not say.</summary>
    private async Task<bool?> TryRenewAsync(CancellationToken cancellationToken)
    {
        var asked = _time.GetUtcNow();
        var left = _expiresAt - asked;
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var renewed = await _queues.RenewAsync(_message, _duration, either.Token);
            _expiresAt = renewed ? asked + _duration : _expiresAt;
            return renewed;
        }
        catch (Exception e) when (e is HostStorageException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                LogNotRenewed(_logger, _message.RunId, e);
            }

            return null;
        }
    }
}
