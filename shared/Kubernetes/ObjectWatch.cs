using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Ebb.Kubernetes;

/// <summary>
/// Follows objects: a list, then a watch from its version, opened again where it ended (Kubernetes API Concepts, "Efficient
/// detection of changes"). A version that is no longer kept (410) is made good by another list and the differences to it.
/// </summary>
internal sealed partial class ObjectWatch(KubernetesClient client, KubernetesTransport transport, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    public async IAsyncEnumerable<WatchEvent> RunAsync(
        ResourceType type, string? @namespace, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in FollowAsync(type, @namespace, options, cancellationToken))
        {
            if (change is not null)
            {
                yield return change;
            }
        }
    }

    /// <summary>The changes; null when a list has been told to its end, so that what is not there is known too.</summary>
    public async IAsyncEnumerable<WatchEvent?> FollowAsync(
        ResourceType type, string? @namespace, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new KnownObjects();
        var list = await client.ListAsync(type, @namespace, options, cancellationToken);
        var failures = 0;
        while (true)
        {
            foreach (var change in known.Replace(list.Items))
            {
                yield return change;
            }

            yield return null;
            for (var version = list.ResourceVersion; version is not null;)
            {
                var silent = true;
                using var stream = await OpenAsync(type, @namespace, options, version, failures, cancellationToken);
                while (stream is not null && await stream.ReadAsync(cancellationToken) is { } change)
                {
                    (failures, silent) = (0, false);
                    if (known.Take(change) is { } news)
                    {
                        yield return news;
                    }
                }

                version = stream is null ? version : stream.Version;

                // Even where it ended well: a server that ends every watch at once is not asked without pause.
                failures = stream is not { Failure: null } ? failures + 1 : silent ? 1 : 0;
                LogFailure(type, stream?.Failure);
            }

            list = await ListPatientlyAsync(type, @namespace, options, cancellationToken);
        }
    }

    // Null: the server is not to be had at the moment.
    private async Task<WatchStream?> OpenAsync(
        ResourceType type, string? @namespace, ListOptions options, string version, int failures, CancellationToken cancellationToken)
    {
        if (failures > 0)
        {
            await PauseAsync(failures, retryAfter: null, cancellationToken);
        }

        try
        {
            return await WatchStream.OpenAsync(transport, type, @namespace, options, version, time, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.Fault == KubernetesFault.Expired)
        {
            return WatchStream.Expired;
        }
        catch (KubernetesException exception) when (exception.IsTransient)
        {
            LogBroken(logger, type, exception.Message);
            await PauseAsync(0, exception.RetryAfter, cancellationToken);
            return null;
        }
    }

    private async Task<ObjectList> ListPatientlyAsync(ResourceType type, string? @namespace, ListOptions options, CancellationToken cancellationToken)
    {
        LogExpired(logger, type);
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await client.ListAsync(type, @namespace, options, cancellationToken);
            }
            catch (KubernetesException exception) when (exception.IsTransient)
            {
                LogBroken(logger, type, exception.Message);
                await PauseAsync(failures, exception.RetryAfter, cancellationToken);
            }
        }
    }

    private Task PauseAsync(int failures, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var own = failures == 0 ? TimeSpan.Zero : FirstPause * Math.Pow(2, Math.Min(failures, 10) - 1) * (0.5 + Random.Shared.NextDouble());
        var asked = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter ?? TimeSpan.Zero;
        own = own > LongestPause ? LongestPause : own;
        return Task.Delay(asked > own ? asked : own, time, cancellationToken);
    }

    private void LogFailure(ResourceType type, string? failure)
    {
        if (failure is not null)
        {
            LogBroken(logger, type, failure);
        }
    }
}
