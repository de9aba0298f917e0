using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Exclusion;

/// <summary>An exclusive key that a run holds; it is renewed until it is given back or lost.</summary>
public sealed partial class ExclusiveHold : IAsyncDisposable
{
    private static readonly TimeSpan RenewsEvery = TimeSpan.FromSeconds(45);

    /// <summary>Sooner than others may take it, so that the work has ended by then.</summary>
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(150);

    private readonly IDocumentStore _documents;
    private readonly Fence _fence;
    private readonly Action _given;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    internal ExclusiveHold(IDocumentStore documents, Fence fence, long asked, Action given, TimeProvider time, ILogger logger)
    {
        (_documents, _fence, _given, _time, _logger) = (documents, fence, given, time, logger);
        Documents = new FencedDocuments(documents, fence);
        _lost = new CancellationTokenSource(Left(asked), time);
        Lost = _lost.Token;
        _renewing = RenewAsync();
    }

    /// <summary>
    /// Host storage's documents; writing or deleting one fails with <see cref="KeyLostException"/> when the key is no longer held like this.
    /// </summary>
    public IDocumentStore Documents { get; }

    /// <summary>Cancelled when the key is lost: another attempt has it, or it was not renewed for two and a half minutes.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Makes sure, before something outside of storage is changed, that the key is held.</summary>
    /// <exception cref="KeyLostException">It is not.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (Lost.IsCancellationRequested || (await _documents.GetAsync(_fence.Key, cancellationToken))?.Value != _fence.Token)
        {
            throw new KeyLostException(_fence.Key);
        }
    }

    /// <summary>Gives the key back, unless it is somebody else's by now. Never throws: what storage does not take back is free when the run has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _given();
        try
        {
            // A renewal whose answer never came may have changed the version.
            while (await _documents.GetAsync(_fence.Key, CancellationToken.None) is { } there && there.Value == _fence.Token
                && !await _documents.DeleteAsync(_fence.Key, there.Version, CancellationToken.None))
            {
            }
        }
        catch (HostStorageException e)
        {
            LogNotGivenBack(e, _fence.Key);
        }

        _lost.Dispose();
        _ended.Dispose();
    }

    private TimeSpan Left(long asked) => GivesUpAfter - _time.GetElapsedTime(asked) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewsEvery, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, Lost);
        try
        {
            while (await timer.WaitForNextTickAsync(either.Token) && await TryRenewAsync(either.Token))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // Given back, or lost.
        }
    }

    /// <returns>False: it is lost.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        try
        {
            // The same content under its own fence: nothing changes but when it was written.
            if (await _documents.PutAsync(_fence.Key, _fence.Token, expectedVersion: null, _fence, cancellationToken) is not null)
            {
                _lost.CancelAfter(Left(asked));
                return true;
            }

            LogLost(_fence.Key);
            // Not awaited: it runs what the work hangs on its token, and that may take for ever.
            _ = _lost.CancelAsync();
            return false;
        }
        catch (HostStorageException e)
        {
            LogNotRenewed(e, _fence.Key);
            return true;
        }
    }

    [LoggerMessage(2301, LogLevel.Error, "The key {Key} was taken away: this attempt ends")]
    private partial void LogLost(string key);

    [LoggerMessage(2302, LogLevel.Warning, "The key {Key} cannot be renewed; it is tried again")]
    private partial void LogNotRenewed(Exception exception, string key);

    [LoggerMessage(2303, LogLevel.Warning, "The key {Key} cannot be given back; it is free when its run has ended, or three minutes after it was last renewed")]
    private partial void LogNotGivenBack(Exception exception, string key);
}
