using System.Net;
using Ebb.Http.Proxies;
using Polly.Timeout;

namespace Ebb.Http;

/// <summary>What may pass by itself.</summary>
public static class Transient
{
    /// <summary>True for 408, 429, 500, 502, 503 and 504.</summary>
    public static bool Is(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>True for broken links and time-outs; false for TLS failures and for what a proxy forbids, which do not pass.</summary>
    public static bool Is(Exception? exception) => exception switch
    {
        TimeoutRejectedException or IOException => true,
        ProxyException e => e.StatusCode is { } status ? Is(status) : e.HttpRequestError != HttpRequestError.ProxyTunnelError,
        HttpRequestException e => e.HttpRequestError
            is not (HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError),
        _ => false,
    };
}
