using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ebb.Http;
using Ebb.Scaler.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

/// <summary>
/// The TLS of each new connection. The files are read again when they have changed (a renewed certificate); what cannot be read then
/// leaves the former in use.
/// </summary>
internal sealed partial class TlsHandshake(TlsFiles files, TimeProvider time, ILogger<TlsHandshake> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ServerCertificate _certificate = ServerCertificate.Load(files);
    private DateTime _written = Written(files);
    private long _looked = time.GetTimestamp();

    /// <summary>The options of a connection.</summary>
    public ValueTask<SslServerAuthenticationOptions> OptionsFor(TlsHandshakeCallbackContext connection)
    {
        var certificate = Current();
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateRequired = certificate.ClientAuthorities is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, client, chain, _) => IsTrusted(certificate, client, chain),
        });
    }

    private static DateTime Written(TlsFiles files) =>
        new[] { files.Certificate, files.Key, files.ClientCa }.OfType<string>().Max(File.GetLastWriteTimeUtc);

    private ServerCertificate Current()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_looked) >= LookEvery)
            {
                _looked = time.GetTimestamp();
                Refresh();
            }

            return _certificate;
        }
    }

    private void Refresh()
    {
        try
        {
            var written = Written(files);
            if (written != _written)
            {
                (_certificate, _written) = (ServerCertificate.Load(files), written);
                LogRead(files.Certificate, _certificate.Context.TargetCertificate.NotAfter.ToUniversalTime());
            }
        }
        catch (Exception error) when (ServerCertificate.IsUnusable(error))
        {
            LogUnusable(files.Certificate, error);
        }
    }

    private bool IsTrusted(ServerCertificate certificate, X509Certificate? client, X509Chain? sent)
    {
        if (certificate.ClientAuthorities is not { } authorities)
        {
            return true;
        }

        if (client is not X509Certificate2 leaf || !CertificateTrust.Reaches(leaf, sent, authorities, CertificateTrust.ClientAuthentication, time))
        {
            return false;
        }

        if (files.Clients.Include(leaf))
        {
            return true;
        }

        LogOtherName(string.Join(", ", ClientNames.NamesOf(leaf)), files.Clients);
        return false;
    }
}
