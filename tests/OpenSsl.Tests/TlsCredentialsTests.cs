using System.Text;
using Ebb.OpenSsl.Tests.Servers;

namespace Ebb.OpenSsl.Tests;

public sealed class TlsCredentialsTests(Pki pki) : IClassFixture<Pki>
{
    [Fact]
    public void Create_EverythingWrong_ListsAllOfItWithoutTheKey()
    {
        var secret = "c2VjcmV0IGtleSBieXRlcw==";
        var options = new TlsClientOptions
        {
            Authorities = "no certificate"u8.ToArray(),
            Certificates = Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            Key = Encoding.ASCII.GetBytes($"-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"),
        };
        var failure = Should.Throw<TlsCredentialsException>(() => TlsClient.Create(options));
        failure.Problems.Count.ShouldBe(3);
        failure.Message.ShouldContain("No authority certificate");
        failure.Message.ShouldContain("client certificate number 1");
        failure.Message.ShouldContain("'PRIVATE KEY' block");
        failure.Message.ShouldNotContain(secret);
    }

    [Fact]
    public void Create_KeyOfAnotherCertificate_SaysSo() =>
        Problem(pki.With("client.crt", "stranger.key")).ShouldContain("does not belong to the first client certificate");

    [Fact]
    public void Create_CertificateWithoutKey_SaysSo() =>
        Problem(new TlsClientOptions { Authorities = pki.Bytes("ca.crt"), Certificates = pki.Bytes("client.crt") }).ShouldContain("without its private key");

    [Fact]
    public void Create_KeyWithPassphrase_SaysSo() => Problem(new TlsClientOptions
    {
        Authorities = pki.Bytes("ca.crt"),
        Certificates = pki.Bytes("client.crt"),
        Key = Encoding.ASCII.GetBytes(File.ReadAllText(pki.At("client.key")).Replace(" PRIVATE", " ENCRYPTED PRIVATE", StringComparison.Ordinal)),
    }).ShouldContain("passphrase");

    [Fact]
    public void Create_ProtocolWithoutName_SaysSo() =>
        Problem(new TlsClientOptions { Authorities = pki.Bytes("ca.crt"), ApplicationProtocol = string.Empty }).ShouldContain("application protocol");

    [Fact]
    public void Create_CallerOverwritesTheKeyAfterwards_StillWorks()
    {
        var key = pki.Bytes("client.key");
        using var client = TlsClient.Create(new TlsClientOptions { Authorities = pki.Bytes("ca.crt"), Certificates = pki.Bytes("client.crt"), Key = key });
        Array.Clear(key);
        client.ShouldNotBeNull();
    }

    private static string Problem(TlsClientOptions options) =>
        Should.Throw<TlsCredentialsException>(() => TlsClient.Create(options)).Problems.ShouldHaveSingleItem();
}
