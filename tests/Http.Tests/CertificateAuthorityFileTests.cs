using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Ebb.Http.Tests;

public sealed class CertificateAuthorityFileTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"ebb-ca-{Guid.NewGuid():n}.pem");
    private readonly X509Certificate2 _ours = CreateAuthority("CN=ours");
    private readonly X509Certificate2 _other = CreateAuthority("CN=other");

    public void Dispose()
    {
        File.Delete(_file);
        _ours.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Certificate_ChainsToFile_AcceptedAndFileReadAgain()
    {
        using var leaf = CreateLeaf(_ours, "127.0.0.1");
        await using var server = await TestServer.StartAsync((context, _) => context.Response.WriteAsync("ok"), leaf);
        await File.WriteAllTextAsync(_file, _other.ExportCertificatePem());
        using var client = CreateClient();
        (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(server.Uri))).HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);

        await File.WriteAllTextAsync(_file, _other.ExportCertificatePem() + "\n" + _ours.ExportCertificatePem());
        File.SetLastWriteTimeUtc(_file, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        (await client.GetStringAsync(server.Uri)).ShouldBe("ok");
    }

    [Fact]
    public async Task Certificate_OfAnotherName_Refused()
    {
        using var leaf = CreateLeaf(_ours, "10.9.8.7");
        await using var server = await TestServer.StartAsync((context, _) => context.Response.WriteAsync("ok"), leaf);
        await File.WriteAllTextAsync(_file, _ours.ExportCertificatePem());
        using var client = CreateClient();

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(server.Uri));
        server.Count.ShouldBe(0);
    }

    private HttpClient CreateClient() => HttpTransport.CreateClient(
        new TransportOptions { CaFile = _file, Resilience = new ResilienceOptions { BaseDelay = TimeSpan.FromMilliseconds(5) } }, TimeProvider.System);

    private static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
    }

    private static X509Certificate2 CreateLeaf(X509Certificate2 authority, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = request.Create(authority, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), [1, 2, 3]);
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
