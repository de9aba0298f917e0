namespace Ebb.Http;

/// <summary>Names a connection that did not open in time: the sockets say so by a cancellation, which nobody asked for.</summary>
internal sealed class ConnectLimitHandler(TimeSpan limit, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, $"{request.RequestUri!.Authority} opened no connection within {limit.TotalSeconds:0.##} s.", e);
        }
    }
}
