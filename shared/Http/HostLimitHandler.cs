using System.Collections.Concurrent;

namespace Ebb.Http;

/// <summary>
/// Limits the requests under way to each host. Waiting for a slot is no part of an attempt's time-out, which is why the
/// connection pool's own limit is not used.
/// </summary>
internal sealed class HostLimitHandler(int maxRequests, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> hosts = new(StringComparer.OrdinalIgnoreCase);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var slots = hosts.GetOrAdd(request.RequestUri!.Authority, static (_, max) => new SemaphoreSlim(max), maxRequests);
        await slots.WaitAsync(cancellationToken);
        var streamed = false;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (CallOptions.Of(request).MaxBodyBytes is null)
            {
                response.Content = new LeasedContent(response.Content, () => slots.Release());
                streamed = true;
            }

            return response;
        }
        finally
        {
            if (!streamed)
            {
                slots.Release();
            }
        }
    }
}
