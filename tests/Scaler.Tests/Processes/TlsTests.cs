using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;

namespace Ebb.Scaler.Tests.Processes;

public sealed class TlsTests : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly Certificates _certificates = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("ebb-scaler-").FullName;

    public TlsTests()
    {
        IssueServer();
        _certificates.Issue("client", ForClients, "keda", "keda.ebb.svc");
    }

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task ClientCertificates_AreDemandedAndChecked()
    {
        await using var scaler = await StartAsync(_certificates.Authority);
        var with = await CallAsync(scaler, "client");
        with.TryGetProperty("active", out var active).ShouldBeTrue(with.ToString() + scaler.Log);
        active.GetBoolean().ShouldBeFalse();

        var without = await ForeignClient.RunAsync(scaler.GrpcPort, "call", [.. Arguments(), "--timeout", "20"]);
        without.GetProperty("status").GetString().ShouldBeOneOf("UNAVAILABLE", "DEADLINE_EXCEEDED");

        // The key of a server is no client's.
        var wrong = await CallAsync(scaler, "server", "--timeout", "20");
        wrong.GetProperty("status").GetString().ShouldBeOneOf("UNAVAILABLE", "DEADLINE_EXCEEDED");
    }

    [Fact]
    public async Task Certificate_Renewed_IsUsedForNewConnections_AndABrokenOneIsNot()
    {
        await using var scaler = await StartAsync(null);
        (await ForeignClient.RunAsync(scaler.GrpcPort, "call", Arguments())).TryGetProperty("active", out _).ShouldBeTrue(scaler.Log);
        var first = await ShownAsync(scaler.GrpcPort);

        IssueServer();
        var renewed = first;
        for (var i = 0; i < 600 && renewed == first; i++)
        {
            await Task.Delay(100);
            renewed = await ShownAsync(scaler.GrpcPort);
        }

        renewed.ShouldNotBe(first);
        await File.WriteAllTextAsync(_certificates.PathOf("server.crt"), "nothing of the kind");
        for (var i = 0; i < 600 && !scaler.Log.Contains("\"EventId\":1051"); i++)
        {
            await Task.Delay(100);
            (await ShownAsync(scaler.GrpcPort)).ShouldBe(renewed);
        }

        scaler.Log.ShouldContain("\"EventId\":1051");
    }

    [Theory]
    [InlineData("payroll", "payroll.hr.svc")]
    [InlineData("keda.ebb.svc", "payroll.hr.svc")]
    [InlineData("keda", "keda.ebb.svc.evil.example")]
    [InlineData("keda", "xkeda.ebb.svc")]
    [InlineData("keda", "*.ebb.svc")]
    [InlineData("keda")]
    public async Task ClientCertificate_OfTheSameAuthorityWithAnotherName_IsTurnedAway(string commonName, params string[] dnsNames)
    {
        _certificates.Issue("other", ForClients, commonName, dnsNames);
        await using var scaler = await StartAsync(_certificates.Authority);
        var answer = await CallAsync(scaler, "other", "--timeout", "20");
        answer.TryGetProperty("status", out var status).ShouldBeTrue(answer.ToString());
        status.GetString().ShouldBeOneOf("UNAVAILABLE", "DEADLINE_EXCEEDED");
        await scaler.UntilItSaysAsync("\"EventId\":1052");
        (await CallAsync(scaler, "client")).TryGetProperty("active", out _).ShouldBeTrue(scaler.Log);
    }

    [Theory]
    [InlineData("keda.ebb.svc")]
    [InlineData("anything", "first.example", "keda.ebb.svc")]
    [InlineData("operator.keda.svc")]
    public async Task ClientCertificate_WithAnAllowedName_IsAnswered(string commonName, params string[] dnsNames)
    {
        _certificates.Issue("other", ForClients, commonName, dnsNames);
        await using var scaler = await StartAsync(_certificates.Authority, clientNames: "operator.keda.svc, keda.ebb.svc");
        (await CallAsync(scaler, "other")).TryGetProperty("active", out _).ShouldBeTrue(scaler.Log);
    }

    private static async Task<string> ShownAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var thumbprint = string.Empty;
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (thumbprint = certificate!.GetCertHashString()).Length > 0,
        });
        tls.NegotiatedApplicationProtocol.ShouldBe(SslApplicationProtocol.Http2);
        return thumbprint;
    }

    private IEnumerable<string> Arguments() => ["--ca", _certificates.Authority, .. ForeignClient.Metadata("app=a", "queues=q")];

    private void IssueServer() => _certificates.Issue("server", ForServers, null, "localhost");

    private Task<JsonElement> CallAsync(ScalerExecutable scaler, string client, params string[] more) => ForeignClient.RunAsync(
        scaler.GrpcPort, "call", [.. Arguments(), .. more, "--cert", _certificates.PathOf(client + ".crt"), "--key", _certificates.PathOf(client + ".key")]);

    private Task<ScalerExecutable> StartAsync(string? clientCa, string clientNames = "") => ScalerExecutable.StartAsync(new Dictionary<string, string>
    {
        ["Storage"] = $"sqlite:{_directory}/ebb.db",
        ["Scaler__CertificateFile"] = _certificates.PathOf("server.crt"),
        ["Scaler__KeyFile"] = _certificates.PathOf("server.key"),
        ["Scaler__ClientCaFile"] = clientCa ?? "",
        ["Scaler__ClientNames"] = clientNames,
    });
}
