using Ebb.Worker.Configuration;

namespace Ebb.Worker.Http;

/// <summary>
/// Holds <c>maxConcurrentRequests</c> and <c>maxOutstandingRequests</c>: the former run, the latter minus those wait, and
/// what comes on top is turned away.
/// </summary>
internal sealed class RequestLimiter(HostOptions options) : IDisposable
{
    private readonly SemaphoreSlim? _running = options.MaxConcurrentRequests is { } most ? new(most) : null;
    private int _outstanding;

    /// <summary>Waits for a place; false when too many wait already. Every true is followed by one <see cref="Leave"/>.</summary>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _outstanding) > (options.MaxOutstandingRequests ?? int.MaxValue))
        {
            Interlocked.Decrement(ref _outstanding);
            return false;
        }

        try
        {
            await (_running?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _outstanding);
            throw;
        }
    }

    public void Leave()
    {
        _running?.Release();
        Interlocked.Decrement(ref _outstanding);
    }

    public void Dispose() => _running?.Dispose();
}
