using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ebb.Http;

/// <summary>Says what the strategies gave up for as other failures of HTTP are said.</summary>
internal sealed class FailureHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var authority = request.RequestUri!.Authority;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (TimeoutRejectedException e)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, $"{authority} did not answer within {e.Timeout.TotalSeconds:0.#} s.", e);
        }
        catch (BrokenCircuitException e)
        {
            throw new HttpRequestException(
                HttpRequestError.Unknown, $"{authority} is left alone for {Resilience.BreakTime.TotalSeconds:0} s: nearly all that it was asked of late failed.", e);
        }
    }
}
