using System.Net;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Blobs;

/// <summary>
/// One blob's upload (OCI distribution-spec v1.1.1, Pushing blobs): one streamed PUT when all goes well; after a dropped
/// link the registry is asked what it has and the rest follows by PATCH. Attempts are bounded, and none is left open.
/// </summary>
internal sealed class BlobUpload(Registry registry, BlobReader reader, string repository, Descriptor blob, UploadSource source)
{
    private const int MaxFailures = 6;
    private const long ChunkBytes = 32 * 1024 * 1024;
    private const long CountsAsProgress = 16 * 1024 * 1024;
    private readonly UploadCalls _calls = new(registry, repository, blob.Digest);
    private UploadSession? _session;
    private bool _inChunks;
    private int _failures;
    private long _best;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var done = false;
        try
        {
            while (!done)
            {
                done = await StepAsync(cancellationToken);
            }
        }
        finally
        {
            if (!done && _session is not null)
            {
                await _calls.AbandonAsync(_session);
            }
        }
    }

    /// <summary>One request of the upload, and the way on if it failed. True when the registry has the blob.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        _session ??= await _calls.StartAsync(cancellationToken);
        RegistryException failure;
        TimeSpan? pause = null;
        using var watch = new StallWatch(registry.Options.StallTimeout, registry.Time, cancellationToken);
        try
        {
            var (call, end, completes) = Next(_session, watch);
            using var response = await SendAsync(call, watch.Token);
            if (response.IsSuccessStatusCode)
            {
                _session = completes ? null : UploadCalls.Advance(call, _session, response, end, blob.Size);
                return completes;
            }

            failure = await registry.FailureAsync(call, response, cancellationToken);
            pause = RetryAfter.Of(response, registry.Time);
        }
        catch (Exception e) when (source.Failure is null && IsDropped(e, cancellationToken))
        {
            failure = e as RegistryException ?? Stalled(e);
        }
        catch when (source.Failure is { } failed)
        {
            failed.Throw();
            throw;
        }

        return await RecoverAsync(failure, pause, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.SendAsync(call, cancellationToken);
        }
        finally
        {
            await source.StopAsync();
        }
    }

    private (RegistryCall Call, long End, bool Completes) Next(UploadSession current, StallWatch watch)
    {
        // Waiting for a slot or a connection has limits of its own.
        watch.Progress(Timeout.InfiniteTimeSpan);
        var left = blob.Size - current.Offset;
        if ((current.Offset == 0 && !_inChunks) || left == 0)
        {
            return (_calls.Put(current, left, () => new UploadContent(source, current.Offset, left, watch)), blob.Size, true);
        }

        var length = _inChunks ? Math.Min(left, Math.Max(ChunkBytes, current.MinChunkBytes)) : left;
        return (_calls.Patch(current, length, () => new UploadContent(source, current.Offset, length, watch)), current.Offset + length, false);
    }

    private async Task<bool> RecoverAsync(RegistryException failure, TimeSpan? pause, CancellationToken cancellationToken)
    {
        var startAnew = IsTooLarge(failure) || failure.Status is HttpStatusCode.NotFound;
        if (!MayRecover(failure, pause) || ++_failures >= MaxFailures)
        {
            throw failure;
        }

        _inChunks |= IsTooLarge(failure);
        await Task.Delay(pause ?? Backoff(), registry.Time, cancellationToken);
        // The link may have broken after the registry had everything.
        if (failure.Status is null && await reader.ExistsAsync(repository, blob.Digest, cancellationToken))
        {
            _session = null;
            return true;
        }

        var known = await _calls.ResumeAsync(_session!, blob.Size, cancellationToken);
        // Nothing to go on from is nothing to keep: the registry may even have a first byte it does not tell of.
        if (known is not null && (startAnew || known.Offset == 0))
        {
            await _calls.AbandonAsync(known);
            known = null;
        }

        _session = known;
        if (_session?.Offset >= _best + CountsAsProgress)
        {
            (_best, _failures) = (_session.Offset, 0);
        }

        return false;
    }

    private bool MayRecover(RegistryException failure, TimeSpan? pause) => failure switch
    {
        { Fault: RegistryFault.ProjectMissing or RegistryFault.StorageFull } => false,
        { Status: null } => true,
        { Status: HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable } => true,
        { Status: HttpStatusCode.RequestEntityTooLarge } => !_inChunks && failure.Fault != RegistryFault.QuotaExceeded,
        { Status: { } status } => Transient.Is(status) && !(pause > registry.Options.Resilience.MaxRetryAfter),
    };

    private static bool IsTooLarge(RegistryException failure) => failure.Status == HttpStatusCode.RequestEntityTooLarge;

    private static bool IsDropped(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && e is OperationCanceledException or RegistryException { Fault: RegistryFault.Unreachable };

    private TimeSpan Backoff()
    {
        var delay = registry.Options.Resilience.BaseDelay * (1 << _failures);
        return delay < registry.Options.Resilience.MaxDelay ? delay : registry.Options.Resilience.MaxDelay;
    }

    private RegistryException Stalled(Exception e) =>
        new($"PUT blob {repository}@{blob.Digest} at {registry.Name}: nothing moved for {registry.Options.StallTimeout.TotalSeconds:0.#} s.", RegistryFault.Unreachable, e)
        {
            Remedy = "Check the network between here and the registry; the next run goes on.",
        };
}
