using System.Net;
using System.Net.Security;

namespace Ebb.Http;

/// <summary>Makes HTTP clients: pooled connections, retries, a limit per host; no redirects, cookies or overall time-out of their own.</summary>
public static class HttpTransport
{
    /// <summary>Creates a client. Dispose it when the server is no longer needed, not after each request.</summary>
    public static HttpClient CreateClient(TransportOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var client = new HttpClient(
            new HostLimitHandler(options.MaxConcurrentRequests, new ResilienceHandler(options, time, CreateSockets(options, time))))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        return client;
    }

    private static SocketsHttpHandler CreateSockets(TransportOptions options, TimeProvider time)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            MaxResponseHeadersLength = 64,
            // A body that is not read to its end costs a connection, never a wait.
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            MaxResponseDrainSize = 64 * 1024,
        };
        if (options.CaFile is { } file)
        {
            var authority = new CertificateAuthorityFile(file, time);
            sockets.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = authority.Validate };
        }

        return sockets;
    }
}
