using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Http;

/// <summary>Checks server certificates against roots that are given instead of the system's.</summary>
internal static class CustomRootTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static bool Validate(
        X509Certificate2Collection roots, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, TimeProvider time)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        own.ChainPolicy.VerificationTimeIgnored = false;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in chain?.ChainElements.Skip(1) ?? [])
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(leaf);
    }
}
