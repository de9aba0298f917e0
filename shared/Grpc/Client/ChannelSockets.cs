using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ebb.Http;

namespace Ebb.Grpc;

/// <summary>The connections of a channel.</summary>
internal static class ChannelSockets
{
    public static SocketsHttpHandler Create(GrpcChannelOptions options, TimeProvider time)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CaFile is { } file)
        {
            tls.RemoteCertificateValidationCallback = new CertificateAuthorityFile(file, time).Validate;
        }

        if (options.CertificateFile is { } certificate)
        {
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => X509Certificate2.CreateFromPemFile(certificate, options.KeyFile);
        }

        return new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            KeepAlivePingDelay = options.PingAfter,
            KeepAlivePingTimeout = options.PingAfter,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            MaxResponseHeadersLength = 64,
            SslOptions = tls,
        };
    }
}
