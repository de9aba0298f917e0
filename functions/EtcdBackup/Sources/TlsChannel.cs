using Ebb.Grpc;
using Ebb.OpenSsl;

namespace Ebb.EtcdBackup.Sources;

/// <summary>
/// Channels whose TLS is OpenSSL's: it reads the Ed25519 keys of Talos, and says what is wrong with a certificate, which .NET's own does
/// not.
/// </summary>
internal static class TlsChannel
{
    private const int WindowBytes = 4 * 1024 * 1024;

    /// <exception cref="SnapshotException">The certificates or the key cannot be used.</exception>
    public static GrpcChannel Open(string host, int port, TlsClientOptions credentials, string whose, TimeProvider time)
    {
        var tls = Create(credentials, whose);
        var sockets = new SocketsHttpHandler
        {
            ConnectCallback = tls.ConnectAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            InitialHttp2StreamWindowSize = WindowBytes,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            MaxResponseHeadersLength = 64,
        };

        // http: what the callback returns is encrypted already.
        return GrpcChannel.ForAddress(new UriBuilder("http", host, port).Uri, new GrpcChannelOptions { Handler = new Owning(sockets, tls) }, time);
    }

    private static TlsClient Create(TlsClientOptions credentials, string whose)
    {
        try
        {
            return TlsClient.Create(credentials);
        }
        catch (TlsCredentialsException e)
        {
            throw new SnapshotException(SnapshotFailure.ConfigurationFile, $"{whose}: {e.Message}", e);
        }
    }

    private sealed class Owning(SocketsHttpHandler sockets, TlsClient tls) : DelegatingHandler(sockets)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                tls.Dispose();
            }
        }
    }
}
