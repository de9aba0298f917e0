using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>Tells what a proxy says apart from what the server behind it says.</summary>
internal sealed class ProxyHandler(ProxyRule rule, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var destination = request.RequestUri!;
        if (rule.Find(destination) is not { } proxy)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        _ = proxy.Uri; // What cannot be read is said, where the sockets would go directly.
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw ProxyException.Unreachable(proxy, destination, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            throw ProxyException.Refused(proxy, destination, e.StatusCode, e);
        }

        if (!IsTheProxys(response, destination))
        {
            return response;
        }

        using (response)
        {
            throw ProxyException.Refused(proxy, destination, response.StatusCode);
        }
    }

    // Through a tunnel only the server answers. Without one the proxy answers in its place: with a status or header of its own
    // (RFC 9110, section 15.5.8; RFC 9209, section 2.1.1; Squid's X-Squid-Error), or with a page for people, which no API answers with.
    private static bool IsTheProxys(HttpResponseMessage response, Uri destination) =>
        response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
        || (destination.Scheme == Uri.UriSchemeHttp && (int)response.StatusCode >= 400
            && (response.Headers.Contains("X-Squid-Error")
                || (response.Headers.TryGetValues("Proxy-Status", out var said) && said.Any(value => value.Contains("error=", StringComparison.Ordinal)))
                || response.Content.Headers.ContentType?.MediaType == "text/html"));
}
