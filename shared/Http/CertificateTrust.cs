using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Http;

/// <summary>Judges the other side's certificate by given authorities in place of the system's.</summary>
public static class CertificateTrust
{
    /// <summary>The purpose of a server's certificate (RFC 5280, section 4.2.1.12).</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The purpose of a client's certificate (RFC 5280, section 4.2.1.12).</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether a certificate is valid now, made for the purpose, and chains to one of the authorities. Revocation lists are not asked; names are not compared.</summary>
    /// <param name="certificate">The other side's certificate.</param>
    /// <param name="sent">The chain that came with it; only its intermediate certificates are used.</param>
    /// <param name="authorities">The authorities that count.</param>
    /// <param name="purpose">The extended key usage, as an object identifier.</param>
    /// <param name="time">The clock.</param>
    public static bool Reaches(
        X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection authorities, string purpose, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        foreach (var element in sent?.ChainElements.Skip(1) ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    /// <summary>Whether a server's certificate has the right name and chains to one of the authorities.</summary>
    internal static bool AcceptsServer(
        X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors, TimeProvider time) =>
        certificate is X509Certificate2 leaf
        && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
        && Reaches(leaf, sent, authorities, ServerAuthentication, time);
}
