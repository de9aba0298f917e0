using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebb.RabbitMq.Configuration;
using Ebb.Worker;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Connections;

/// <summary>TLS as configured; certificates are read from their files at each connection.</summary>
internal static class BrokerTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static SslOption Of(RabbitMQOptions options, TimeProvider time)
    {
        var ssl = new SslOption
        {
            Enabled = options.Tls,
            ServerName = options.ServerName ?? options.Host,

            // The system's choice of versions.
            Version = System.Security.Authentication.SslProtocols.None,
        };
        if (!options.Tls)
        {
            return ssl;
        }

        try
        {
            if (options.ClientCertificateFile is { } certificate)
            {
                ssl.Certs = [X509Certificate2.CreateFromPemFile(certificate, options.ClientKeyFile)];
            }

            if (options.CaFile is { } file)
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(file);
                ssl.CertificateValidationCallback = (_, leaf, chain, errors) => IsTrusted(leaf, chain, errors, authorities, time);
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RabbitMQException($"The certificates for RabbitMQ cannot be read: {Sentence.Of(e.Message)}", e);
        }

        return ssl;
    }

    // Name and validity count as ever; only the root differs.
    private static bool IsTrusted(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection authorities, TimeProvider time)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in chain?.ChainElements.Skip(1) ?? [])
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(leaf);
    }
}
