using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Ebb.TestServers.Kubernetes;

/// <summary>HTTPS with this certificate; client certificates are taken where they are shown and must chain to the authority.</summary>
/// <param name="Certificate">The server's certificate with its key.</param>
/// <param name="Authority">Who issues client certificates.</param>
public sealed record ApiTls(X509Certificate2 Certificate, X509Certificate2 Authority)
{
    internal void Configure(ListenOptions listen) => listen.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificate = Certificate,
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        ClientCertificateValidation = (certificate, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(Authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate);
        },
    });
}
