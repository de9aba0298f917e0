using System.Net;
using System.Net.Sockets;
using Ebb.OpenSsl.Tests.Servers;

namespace Ebb.OpenSsl.Tests;

public sealed class TlsHandshakeTests(Pki pki) : IClassFixture<Pki>
{
    private static readonly string[] Demanding = ["-www", "-alpn", "h2", "-Verify", "3", "-verify_return_error", "-CAfile", "ca.crt"];

    [Theory]
    [InlineData("client.crt", "client.key", "-tls1_3")]
    [InlineData("client.crt", "client.key", "-tls1_2")]
    [InlineData("client.crt", "talos.key", "-tls1_3")]
    [InlineData("chain.crt", "chained.key", "-tls1_3")]
    public async Task Connect_Ed25519OnBothSides_TalksAndEndsCleanly(string certificate, string key, string version)
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", [.. Demanding, version]);
        using var client = TlsClient.Create(pki.With(certificate, key));
        foreach (var point in new[] { server.Name, server.Address })
        {
            var answer = await AskAsync(client, point);
            answer.ShouldContain("200 ok");
            answer.ShouldContain(version == "-tls1_3" ? "TLSv1.3" : "TLSv1.2");
            answer.ShouldEndWith("</pre></BODY></HTML>\r\n\r\n");
        }
    }

    [Fact]
    public Task Connect_CertificateOfAnotherAuthority_NamesTheIssuer() => FailsAsync(
        "server", pki.With("client.crt", "client.key", "other.crt"), TlsFailure.UnknownAuthority, "localhost", "issued by 'CN=ca, O=ebb tests'", "does not come from a configured authority");

    [Fact]
    public Task Connect_CertificateForOtherNames_ListsThem() => FailsAsync(
        "elsewhere", pki.Trusting, TlsFailure.WrongServerName, "localhost", "elsewhere.example, 192.0.2.1");

    [Fact]
    public async Task Connect_CertificateForOtherAddresses_ListsThem()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "elsewhere", "-www", "-alpn", "h2");
        using var client = TlsClient.Create(pki.Trusting);
        (await FailureAsync(client, server.Address)).Failure.ShouldBe(TlsFailure.WrongServerName);
    }

    [Fact]
    public Task Connect_NameInTheSubjectOnly_IsNotEnough() => FailsAsync(
        "nameless", pki.Trusting, TlsFailure.WrongServerName, "no host name or address at all");

    [Fact]
    public Task Connect_ExpiredCertificate_SaysSince() => FailsAsync("expired", pki.Trusting, TlsFailure.CertificateExpired, "expired at 20");

    [Fact]
    public Task Connect_CertificateForClientsOnly_IsRefused() => FailsAsync(
        "clientonly", pki.Trusting, TlsFailure.InvalidServerCertificate, "purpose");

    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    public async Task Connect_WithoutClientCertificate_SaysWhatIsAccepted(string version)
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", [.. Demanding, version]);
        using var client = TlsClient.Create(pki.Trusting);
        var failure = await FailureAsync(client, server.Name);
        failure.Failure.ShouldBe(TlsFailure.ClientCertificateRequired);
        failure.Message.ShouldContain("none is configured");
        failure.Message.ShouldContain("accepts those of '/O=ebb tests/CN=ca'");
    }

    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    public async Task Connect_ClientCertificateOfAnotherAuthority_SaysWhatIsAccepted(string version)
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", [.. Demanding, version]);
        using var client = TlsClient.Create(pki.With("stranger.crt", "stranger.key"));
        var failure = await FailureAsync(client, server.Name);
        failure.Failure.ShouldBe(TlsFailure.ClientCertificateRefused);
        failure.Message.ShouldContain("refused the client certificate");
        failure.Message.ShouldContain("/O=ebb tests/CN=ca");
    }

    [Fact]
    public async Task Connect_ServerWithoutAlpn_IsRefused()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-www");
        using var client = TlsClient.Create(pki.Trusting);
        var failure = await FailureAsync(client, server.Name);
        failure.Failure.ShouldBe(TlsFailure.NoApplicationProtocol);
        failure.Message.ShouldContain("'h2'");
    }

    [Fact]
    public async Task Connect_ServerWithAnotherProtocol_IsRefused()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-www", "-alpn", "http/1.1");
        using var client = TlsClient.Create(pki.Trusting);
        (await FailureAsync(client, server.Name)).Failure.ShouldBe(TlsFailure.NoApplicationProtocol);
    }

    [Fact]
    public async Task Connect_ServerWithOldTlsOnly_IsRefused()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-www", "-alpn", "h2", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
        using var client = TlsClient.Create(pki.Trusting);
        (await FailureAsync(client, server.Name)).Failure.ShouldBe(TlsFailure.NoCommonProtocol);
    }

    [Fact]
    public async Task Connect_ServerWithoutTls_SaysSo()
    {
        using var listener = Listen();
        var serving = ServeAsync(listener, async stream => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()));
        using var client = TlsClient.Create(pki.Trusting);
        var failure = await FailureAsync(client, Point(listener));
        failure.Failure.ShouldBe(TlsFailure.NoCommonProtocol);
        failure.Message.ShouldContain("does not speak TLS");
        await serving;
    }

    [Fact]
    public async Task Connect_ServerHangsUp_SaysWhen()
    {
        using var listener = Listen();
        var serving = ServeAsync(listener, stream => Task.CompletedTask);
        using var client = TlsClient.Create(pki.Trusting);
        (await FailureAsync(client, Point(listener))).Message.ShouldContain("ended the connection during the TLS handshake");
        await serving;
    }

    [Fact]
    public async Task Connect_ServerNeverAnswers_TimesOut()
    {
        using var listener = Listen();
        using var client = TlsClient.Create(new TlsClientOptions { Authorities = pki.Bytes("ca.crt"), HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        var failure = await FailureAsync(client, Point(listener));
        failure.Failure.ShouldBe(TlsFailure.TimedOut);
        failure.Message.ShouldContain("0.3 s");
    }

    [Fact]
    public async Task Connect_Cancelled_EndsAsCancelled()
    {
        using var listener = Listen();
        using var client = TlsClient.Create(pki.Trusting);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(() => client.ConnectAsync(Point(listener), cancel.Token));
    }

    private async Task FailsAsync(string certificate, TlsClientOptions options, TlsFailure failure, params string[] words)
    {
        await using var server = await OpenSslServer.StartAsync(pki, certificate, "-www", "-alpn", "h2");
        using var client = TlsClient.Create(options);
        var exception = await FailureAsync(client, server.Name);
        exception.Failure.ShouldBe(failure, exception.Message);
        foreach (var word in words)
        {
            exception.Message.ShouldContain(word);
        }
    }

    // With TLS 1.3 a server refuses a client's certificate after the client's handshake is over: reading tells.
    private static async Task<TlsException> FailureAsync(TlsClient client, DnsEndPoint server) =>
        await Should.ThrowAsync<TlsException>(() => AskAsync(client, server));

    private static async Task<string> AskAsync(TlsClient client, DnsEndPoint server)
    {
        await using var stream = await client.ConnectAsync(server, default);
        await stream.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static DnsEndPoint Point(TcpListener listener) => new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);

    private static async Task ServeAsync(TcpListener listener, Func<NetworkStream, Task> serve)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        _ = await connection.GetStream().ReadAtLeastAsync(new byte[100], 100);
        await serve(connection.GetStream());
    }
}
