using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Scaler.Tests.Processes;

/// <summary>A certificate authority for one test, and what it signed, as PEM files.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ebb-tls-").FullName;
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Certificates()
    {
        var now = TimeProvider.System.GetUtcNow();
        (_from, _until) = (now.AddDays(-1), now.AddDays(1));
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(_from, _until);
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    public string Authority => PathOf("ca.crt");

    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>Writes <c>name.crt</c> and <c>name.key</c>, with the common name and these alternative names.</summary>
    public void Issue(string name, string purpose, string? commonName = null, params string[] dnsNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName ?? name}", key, HashAlgorithmName.SHA256);
        AddNames(request, dnsNames);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        using var certificate = request.Create(_authority, _from, _until, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(PathOf(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf(name + ".crt"), certificate.ExportCertificatePem());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static void AddNames(CertificateRequest request, string[] dnsNames)
    {
        if (dnsNames.Length == 0)
        {
            return;
        }

        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        foreach (var name in dnsNames)
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
    }
}
