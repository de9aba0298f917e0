using System.Collections.Concurrent;

namespace Ebb.Http;

/// <summary>
/// Limits the requests under way to each host. Waiting for a slot is no part of an attempt's time-out, which is why the
/// connection pool's own limit is not used. Streamed answers have half of the slots to themselves: a copy within one host
/// reads while it writes, and would wait for itself if the writers held them all.
/// </summary>
internal sealed class HostLimitHandler(int maxRequests, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ConcurrentDictionary<(string Host, bool Streamed), SemaphoreSlim> _lanes = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var options = CallOptions.Of(request);
        if (options.Unlimited)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var slots = _lanes.GetOrAdd((request.RequestUri!.Authority, options.MaxBodyBytes is null), CreateLane);
        await slots.WaitAsync(cancellationToken);
        var streamed = false;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (options.MaxBodyBytes is null)
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

    private SemaphoreSlim CreateLane((string Host, bool Streamed) lane) =>
        new(Math.Max(1, lane.Streamed ? maxRequests / 2 : maxRequests - (maxRequests / 2)));
}
