using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Http;

/// <summary>Accepts server certificates that chain to the CA certificates of a PEM file. The file is read again when it changes.</summary>
public sealed class CertificateAuthorityFile(string path, TimeProvider time)
{
    private readonly Lock _gate = new();
    private X509Certificate2Collection _authorities = [];
    private DateTime _read;

    /// <summary>Checks a certificate for a connection; name and validity count as ever, only the root differs.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        CertificateTrust.AcceptsServer(Load(), certificate, chain, errors, time);

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
