using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

public sealed class S3AccessTests : StandInTestBase
{
    [Fact]
    public async Task UnknownKey_IsNamedWithoutSecrets()
    {
        await using var store = Open(Options(Server.Login, "etcd") with { AccessKey = "unknown-key", SecretKey = "the-secret-itself" });

        var exception = await FaultAsync(() => store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.CredentialsRefused);

        exception.Code.ShouldBe("InvalidAccessKeyId");
        exception.ToString().ShouldNotContain("the-secret-itself");
    }

    [Fact]
    public async Task RotatedKey_IsReadAgain()
    {
        var folder = Directory.CreateTempSubdirectory("ebb-keys-");
        var (access, secret) = (Path.Combine(folder.FullName, "access"), Path.Combine(folder.FullName, "secret"));
        await File.WriteAllTextAsync(access, "test-key\n", Cancellation);
        await File.WriteAllTextAsync(secret, "test-secret\n", Cancellation);
        await using var store = Open(Options(Server.Login, "etcd") with { AccessKey = null, SecretKey = null, AccessKeyFile = access, SecretKeyFile = secret });
        await store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation);

        Server.Keys.Clear();
        Server.Keys["new-key"] = "new-secret";
        await File.WriteAllTextAsync(access, "new-key", Cancellation);
        await FaultAsync(() => store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.CredentialsRefused);
        await File.WriteAllTextAsync(secret, "new-secret", Cancellation);

        await store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation);
        File.Delete(secret);
        (await FaultAsync(() => store.FindAsync(Key, Cancellation), ObjectStoreFault.CredentialsRefused)).Message.ShouldContain("Store:SecretKeyFile");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WrongClock_IsSaidWithBothTimes()
    {
        await using var late = await S3Server.StartAsync(new ShiftedTime(TimeSpan.FromHours(3)));
        await using var store = Open(Options(late.Login, "etcd"));

        var exception = await FaultAsync(() => store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.ClockSkew);

        exception.Message.ShouldMatch(@"This machine says \d{4}-\d\d-\d\dT.*Z, the server \d{4}-\d\d-\d\dT.*Z");
        late.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task MissingBucket_IsNamed()
    {
        await using var store = Open(Options(Server.Login, "etcd") with { Url = "s3://other-bucket" });
        (await FaultAsync(() => store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.BucketMissing)).Message.ShouldContain("other-bucket");
    }

    [Fact]
    public async Task Probe_WithoutTheRightToWrite_NamesTheRemedy()
    {
        Server.Fail(new S3Fault("PutObject") { Error = (403, "AccessDenied"), Times = int.MaxValue });

        var probe = await Store.ProbeAsync(Cancellation);

        probe.IsUsable.ShouldBeFalse();
        probe.Of(StoreCapability.Write).Message.ShouldNotBeNull().ShouldContain("right to write");
        probe.Of(StoreCapability.Read).Support.ShouldBe(ProbeSupport.Unknown);
    }

    [Fact]
    public async Task NobodyListening_IsNamed()
    {
        await using var store = Open(Options(Server.Login, "etcd") with { Endpoint = "http://127.0.0.1:1" });
        (await FaultAsync(() => store.FindAsync(Key, Cancellation), ObjectStoreFault.Unreachable)).Message.ShouldContain("Store:Endpoint");
    }

    [Fact]
    public async Task Tls_WithTheRightAuthority_Works_AndWithAnotherIsNamed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Certificate(key);
        await using var secure = await S3Server.StartAsync(certificate: certificate);
        var folder = Directory.CreateTempSubdirectory("ebb-ca-");
        var file = Path.Combine(folder.FullName, "ca.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Cancellation);
        var content = Bytes(9_000_000);

        await using (var trusting = Open(Options(secure.Login, "etcd") with { CaFile = file }))
        {
            await UploadAsync(trusting, Key, content);
            ShouldBeSame(await trusting.GetAsync(Key, content.Length, Cancellation), content);
        }

        await using var store = Open(Options(secure.Login, "etcd"));
        (await FaultAsync(() => store.FindAsync(Key, Cancellation), ObjectStoreFault.Tls)).Message.ShouldContain("Store:CaFile");
        folder.Delete(recursive: true);
    }

    private static X509Certificate2 Certificate(ECDsa key)
    {
        var request = new CertificateRequest("CN=Ebb test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
