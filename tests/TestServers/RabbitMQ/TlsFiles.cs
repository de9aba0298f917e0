using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.TestServers.RabbitMQ;

/// <summary>A certificate authority made for one test run, a certificate for loopback and one for a client, as PEM files.</summary>
public sealed class TlsFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-tls-");

    public TlsFiles()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Ebb test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        Authority = Write("ca.pem", authority.ExportCertificatePem());
        (Certificate, Key) = Issue(authority, "localhost", "1.3.6.1.5.5.7.3.1", now);
        (ClientCertificate, ClientKey) = Issue(authority, "client", "1.3.6.1.5.5.7.3.2", now);
    }

    public string Authority { get; }

    public string Certificate { get; }

    public string Key { get; }

    public string ClientCertificate { get; }

    public string ClientKey { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    private (string Certificate, string Key) Issue(X509Certificate2 authority, string name, string usage, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var certificate = request.Create(authority, now.AddHours(-1), now.AddHours(20), RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string pem)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, pem);
        return path;
    }
}
