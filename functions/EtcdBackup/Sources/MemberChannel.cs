using Ebb.OpenSsl;
using Grpc.Net.Client;

namespace Ebb.EtcdBackup.Sources;

/// <summary>
/// Channels to members. Where there is TLS it is OpenSSL's: it reads the Ed25519 keys of Talos, and says what is wrong with a certificate,
/// which .NET's own does not.
/// </summary>
internal static class MemberChannel
{
    private const int WindowBytes = 4 * 1024 * 1024;

    /// <summary>Without TLS.</summary>
    public static GrpcChannel Open(Uri address) => Open(address, Sockets());

    /// <exception cref="SnapshotException">The certificates or the key cannot be used.</exception>
    public static GrpcChannel Open(string host, int port, TlsClientOptions credentials, string whose)
    {
        var tls = Create(credentials, whose);
        var sockets = Sockets();
        sockets.ConnectCallback = tls.ConnectAsync;

        // http: what the callback returns is encrypted already.
        return Open(new UriBuilder("http", host, port).Uri, new Owning(sockets, tls));
    }

    private static GrpcChannel Open(Uri address, HttpMessageHandler handler) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = handler,
        DisposeHttpClient = true,
    });

    private static SocketsHttpHandler Sockets() => new()
    {
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
