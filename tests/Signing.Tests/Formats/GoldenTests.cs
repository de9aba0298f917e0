using System.Security.Cryptography;
using System.Text;
using Ebb.Oci;
using Ebb.Signing.Formats;

namespace Ebb.Signing.Tests.Formats;

/// <summary>The exact bytes: taken from what cosign 2.5.0 and 3.1.1 wrote for the same image.</summary>
public sealed class GoldenTests
{
    private static readonly Digest Subject = Digest.Parse("sha256:c9866fa3efae38cc644ec29a362099e60b367896bd800b69b5e35ef58563b1eb");

    [Fact]
    public void Payload_IsWhatCosignSigned() => Encoding.UTF8.GetString(SimpleSigning.Payload("127.0.0.1:5077/lib/img", Subject)).ShouldBe(
        """{"critical":{"identity":{"docker-reference":"127.0.0.1:5077/lib/img"},"image":{"docker-manifest-digest":"sha256:c9866fa3efae38cc644ec29a362099e60b367896bd800b69b5e35ef58563b1eb"},"type":"cosign container image signature"},"optional":null}""");

    [Fact]
    public void Payload_HasTheDigestOfCosignsLayer() =>
        Digest.Of(SimpleSigning.Payload("127.0.0.1:5077/lib/img", Subject)).ToString().ShouldBe("sha256:ac6784165adaeff7cbf35596a5697a1a5ff193b7747446a69d1edae519a09ccf");

    [Fact]
    public void Config_HasTheDigestOfCosigns() =>
        Digest.Of(CosignSignatureManifest.Config(["sha256:ac6784165adaeff7cbf35596a5697a1a5ff193b7747446a69d1edae519a09ccf"]))
            .ToString().ShouldBe("sha256:39a86e3b1773ed06ac8c4203d2f6c108d217e80833a60188d32e9fe16fc812f3");

    [Fact]
    public void Statement_IsAnInTotoStatement() => Encoding.UTF8.GetString(SigstoreBundle.Statement(Subject)).ShouldBe(
        """{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"c9866fa3efae38cc644ec29a362099e60b367896bd800b69b5e35ef58563b1eb"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}""");

    [Fact]
    public void Hash_IsOfThePreAuthenticationEncoding() =>
        SigstoreBundle.Hash("{}"u8).ShouldBe(SHA256.HashData("DSSEv1 28 application/vnd.in-toto+json 2 {}"u8));

    [Fact]
    public void Bundle_OfCosign3_VerifiesAndIsWrittenTheSameButForItsStatement()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(
            """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2lfuyNvZtVUTtQGBNaeVeCNGQHDf
            B6q/NjgVua4ZYZNLKs1j0Kucme0SObmPzOGUIpK3P8pTobpGMO8enGDxMw==
            -----END PUBLIC KEY-----
            """);
        var bundle = Encoding.UTF8.GetBytes(
            """{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"m8dX9DnLbSARsZZBlkQtYVqR80Sdc6Jp6hAyUr5ukaw="}},"dsseEnvelope":{"payload":"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiYzk4NjZmYTNlZmFlMzhjYzY0NGVjMjlhMzYyMDk5ZTYwYjM2Nzg5NmJkODAwYjY5YjVlMzVlZjU4NTYzYjFlYiJ9LCJhbm5vdGF0aW9ucyI6e319XSwicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwicHJlZGljYXRlIjp7fX0=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"MEYCIQC+gzDaHrA0bgk+yEGDRhUB7tVcdxI+ioU+co62sAJJfgIhAOPraMybt+DFWbpigkBQRQViNZw6Rr29VMKek3YANcGH"}]}}""");

        SigstoreBundle.Verifies(bundle, Subject, key).ShouldBeTrue();
        SigstoreBundle.Verifies(bundle, Digest.Of("other"u8), key).ShouldBeFalse();

        var signature = Convert.FromBase64String("MEYCIQC+gzDaHrA0bgk+yEGDRhUB7tVcdxI+ioU+co62sAJJfgIhAOPraMybt+DFWbpigkBQRQViNZw6Rr29VMKek3YANcGH");
        var statement = """{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"c9866fa3efae38cc644ec29a362099e60b367896bd800b69b5e35ef58563b1eb"},"annotations":{}}],"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}"""u8.ToArray();
        SigstoreBundle.Write(key, statement, signature).ShouldBe(bundle);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"dsseEnvelope":null}""")]
    [InlineData("""{"dsseEnvelope":{"payloadType":7}}""")]
    [InlineData("""{"dsseEnvelope":{"payloadType":"application/vnd.in-toto+json","payload":"%%%","signatures":[]}}""")]
    [InlineData("""{"dsseEnvelope":{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"x"}]}}""")]
    [InlineData("""{"dsseEnvelope":{"payloadType":"application/vnd.in-toto+json","payload":"W10=","signatures":7}}""")]
    public void Verifies_Garbage_IsNoSignature(string bundle)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        SigstoreBundle.Verifies(Encoding.UTF8.GetBytes(bundle), Subject, key).ShouldBeFalse();
        SimpleSigning.States(Encoding.UTF8.GetBytes(bundle), Subject).ShouldBeFalse();
    }
}
