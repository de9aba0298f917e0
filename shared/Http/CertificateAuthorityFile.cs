using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Http;

/// <summary>Accepts server certificates that chain to the CA certificates of a PEM file. The file is read again when it changes.</summary>
public sealed class CertificateAuthorityFile(string path, TimeProvider time)
{
    private readonly Lock _gate = new();
    private X509Certificate2Collection _authorities = [];
    private DateTime _read;

    /// <summary>Checks a certificate for a connection; name and validity count as ever, only the root differs.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(Load());
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        own.ChainPolicy.VerificationTimeIgnored = false;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        foreach (var element in chain?.ChainElements.Skip(1) ?? [])
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(leaf);
    }

    private X509Certificate2Collection Load()
    {
        lock (_gate)
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (written != _read)
            {
                var loaded = new X509Certificate2Collection();
                loaded.ImportFromPemFile(path);
                (_authorities, _read) = (loaded, written);
            }

            return _authorities;
        }
    }
}
