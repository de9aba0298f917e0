using System.Diagnostics;
using System.Security.Cryptography;

namespace Ebb.Signing.Tests.Keys;

public sealed class PrivateKeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_Pkcs8AndSec1_Sign()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var pem in new[] { key.ExportPkcs8PrivateKeyPem(), "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + key.ExportECPrivateKeyPem() })
        {
            var signer = Signer(pem);
            var signature = await signer.SignAsync(SHA256.HashData("message"u8), default);

            key.VerifyData("message"u8, signature.Der, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
            (await signer.GetPublicKeysAsync(default)).ShouldHaveSingleItem().ExportSubjectPublicKeyInfo().ShouldBe(key.ExportSubjectPublicKeyInfo());
        }
    }

    [Fact]
    public void Create_OtherCurve_IsNamed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Should.Throw<SigningException>(() => Signer(key.ExportPkcs8PrivateKeyPem())).Message.ShouldContain("is on the curve ECDSA_P384");
    }

    [Fact]
    public void Create_CurveByItsParameters_IsNamed()
    {
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        foreach (var pem in new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem() })
        {
            Should.Throw<SigningException>(() => Signer(pem)).Message.ShouldContain("is on the curve of its own parameters, which cosign signatures here do not use");
        }
    }

    [Fact]
    public void Create_RsaKey_IsRefused()
    {
        using var key = RSA.Create(2048);

        Should.Throw<SigningException>(() => Signer(key.ExportPkcs8PrivateKeyPem())).Message.ShouldContain("is not an ECDSA key (RSA and Ed25519 are not accepted)");
    }

    [Fact]
    public void Create_EncryptedPkcs8_SaysHowToImportIt()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

        Should.Throw<SigningException>(() => Signer(pem)).Message.ShouldContain("cosign import-key-pair --key");
    }

    [Fact]
    public void Create_PublicKey_SaysWhatItHolds()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Should.Throw<SigningException>(() => Signer(key.ExportSubjectPublicKeyInfoPem())).Message.ShouldContain("holds no private key that can sign: it holds PUBLIC KEY");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no pem at all")]
    public void Create_NoPem_SaysSo(string content) =>
        Should.Throw<SigningException>(() => Signer(content)).Message.ShouldContain("it is not PEM");

    [Fact]
    public void Create_HugeFile_IsNotRead() =>
        Should.Throw<SigningException>(() => Signer(new string('x', 70_000))).Message.ShouldContain("has more than 65536 bytes");

    [Fact]
    public void Create_ManyMistakes_AllAreListedAtOnce()
    {
        var options = new SigningOptions { Key = "/nowhere/cosign.key", Password = "x", PasswordFile = "/nowhere/password", Formats = [] };

        Should.Throw<SigningException>(() => Signers.Create(options, () => throw new UnreachableException(), TimeProvider.System)).Message.Split('\n').ShouldBe(
        [
            "Signing:Formats is empty. Name cosign, bundle or both, or leave it out for both.",
            "Signing:Key '/nowhere/cosign.key' does not exist. Make a key with 'ebb signing generate-key', or name hashivault://<key>.",
            "Signing:Password (or COSIGN_PASSWORD) and Signing:PasswordFile are both set. Keep Signing:PasswordFile.",
            "Signing:PasswordFile '/nowhere/password' does not exist.",
        ]);
    }

    [Theory]
    [InlineData("hashivault://")]
    [InlineData("hashivault://a/b")]
    [InlineData("hashivault://..%2fsys")]
    [InlineData("awskms://key")]
    public void Create_OtherSchemes_AreRefused(string key) =>
        Should.Throw<SigningException>(() => Signers.Create(new SigningOptions { Key = key }, () => throw new UnreachableException(), TimeProvider.System))
            .Message.ShouldContain("is none of: a cosign.key file");

    private ISigner Signer(string pem) =>
        Signers.Create(new SigningOptions { Key = _folder.Write("key.pem", pem) }, () => throw new UnreachableException(), TimeProvider.System);
}
