using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ebb.Http.Proxies;

namespace Ebb.Http;

/// <summary>Makes HTTP clients: pooled connections, retries, a limit per host, the environment's proxies; no redirects, cookies or overall time-out of their own.</summary>
public static class HttpTransport
{
    /// <summary>Creates a client. Dispose it when the server is no longer needed, not after each request.</summary>
    public static HttpClient CreateClient(TransportOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var sockets = new ConnectLimitHandler(options.ConnectTimeout, CreateSockets(options, time));
        var attempts = new AttemptHandler(options.OnAttempt, new ProxyHandler(options.Proxy, sockets));
        var repeated = new FailureHandler(new Resilience(options.Resilience, time).Around(attempts));
        var client = new HttpClient(new HostLimitHandler(options.MaxConcurrentRequests, repeated)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        return client;
    }

    private static SocketsHttpHandler CreateSockets(TransportOptions options, TimeProvider time)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = options.Proxy,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            MaxResponseHeadersLength = 64,
            // A body that is not read to its end costs a connection, never a wait.
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            MaxResponseDrainSize = 64 * 1024,
        };
        ConfigureTls(sockets.SslOptions, options, time);
        return sockets;
    }

    private static void ConfigureTls(SslClientAuthenticationOptions tls, TransportOptions options, TimeProvider time)
    {
        if (options.ClientCertificate is { } certificate)
        {
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate()!;
        }

        tls.RemoteCertificateValidationCallback = options switch
        {
            { AcceptAnyCertificate: true } => (_, certificate, _, _) => certificate is not null,
            { CaFile: { } file } => new CertificateAuthorityFile(file, time).Validate,
            { CaPem: { } pem } => Trust(pem, time),
            _ => null,
        };
    }

    private static RemoteCertificateValidationCallback Trust(string pem, TimeProvider time)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(pem);
        return (_, certificate, chain, errors) => CertificateTrust.AcceptsServer(roots, certificate, chain, errors, time);
    }
}
