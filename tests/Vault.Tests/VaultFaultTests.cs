using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebb.Vault.KeyValue;

namespace Ebb.Vault.Tests;

public sealed class VaultFaultTests : VaultTestBase
{
    private static readonly byte[] Hash = new byte[32];

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(412)]
    public async Task Request_FailureThatPasses_IsMadeAgain(int status)
    {
        Server.Transit.Create("platform");
        var transit = new VaultTransit(ClientWithToken(ReadPolicy, SignPolicy));
        await transit.ReadKeyAsync("platform", default);

        Server.FailNext(status, "please come back", times: 2, retryAfter: "0");

        (await transit.SignAsync("platform", Hash, default)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Request_ServerSealed_IsNamed()
    {
        var transit = new VaultTransit(ClientWithToken(ReadPolicy));
        Server.Sealed = true;

        var exception = await Should.ThrowAsync<VaultException>(() => transit.ReadKeyAsync("platform", default));

        exception.Fault.ShouldBe(VaultFault.Sealed);
        exception.IsTransient.ShouldBeTrue();
        exception.Message.ShouldContain("503: Vault is sealed. The server is sealed. Unseal it.");
    }

    [Theory]
    [InlineData(473, VaultFault.Standby)]
    [InlineData(472, VaultFault.Standby)]
    [InlineData(307, VaultFault.Standby)]
    [InlineData(501, VaultFault.NotInitialized)]
    [InlineData(429, VaultFault.RateLimited)]
    [InlineData(500, VaultFault.ServerError)]
    [InlineData(400, VaultFault.InvalidRequest)]
    public async Task Request_AnswerThatStays_IsNamed(int status, VaultFault fault)
    {
        Server.FailNext(status, "the server's own words", times: 20, retryAfter: "0");

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(ClientWithToken(ReadPolicy)).ReadKeyAsync("platform", default));

        (exception.InnerException as VaultException ?? exception).Fault.ShouldBe(fault);
        exception.Message.ShouldContain("the server's own words");
    }

    [Fact]
    public async Task Request_ErrorThatRepeatsASecret_IsRedacted()
    {
        Server.FailNext(400, "bad token hvs.CAESIJ0123456789abcdefghijk in request");

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(ClientWithToken(ReadPolicy)).ReadKeyAsync("platform", default));

        exception.ToString().ShouldNotContain("CAESIJ0123456789");
    }

    [Fact]
    public async Task Request_NobodyListens_IsUnreachable()
    {
        var address = Server.Address;
        var transit = new VaultTransit(ClientWithToken(ReadPolicy));
        await Server.DisposeAsync();

        var exception = await Should.ThrowAsync<VaultException>(() => transit.ReadKeyAsync("platform", default));

        exception.Fault.ShouldBe(VaultFault.Unreachable);
        exception.Message.ShouldContain(address);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<html>no</html", VaultFault.Protocol)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{", VaultFault.Protocol)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull", VaultFault.Protocol)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":", VaultFault.Unreachable)]
    [InlineData("nonsense\r\n\r\n", VaultFault.Unreachable)]
    public async Task Request_AnswerThatIsNotVaults_IsNamed(string answer, VaultFault fault)
    {
        await using var server = new RawServer(answer);

        var exception = await Should.ThrowAsync<VaultException>(() =>
            new VaultTransit(Client(Options with { Address = server.Address, Token = "t" })).ReadKeyAsync("platform", default));

        exception.Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData(404, "404 page not found")]
    [InlineData(403, "<html>Forbidden</html>")]
    [InlineData(401, """{"kind":"Status","code":401}""")]
    [InlineData(404, """{"detail":"Not Found"}""")]
    public async Task Refusal_OfSomethingElseAtTheAddress_IsNoRefusalOfTheLoginAndNoMissingSecret(int status, string body)
    {
        await using var server = new RawServer($"HTTP/1.1 {status} No\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var client = Client(Options with { Address = server.Address, Token = "hvs.a-token-of-nobody" });

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultKeyValue(client, "kvv2").ReadAsync("application/shop/dev/docker", null, default));

        exception.Fault.ShouldBe(VaultFault.Protocol);
        exception.Message.ShouldBe($"Vault at {server.Address} answered GET /v1/auth/token/lookup-self with {status}. That is no answer of Vault but of something else at this address or before it. Is Vault:Address right?");
    }

    [Fact]
    public async Task Request_CertificateOfAnUnknownAuthority_IsNamed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=other", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await using var server = new RawServer("", certificate);

        var exception = await Should.ThrowAsync<VaultException>(() =>
            new VaultTransit(Client(Options with { Address = server.Address.Replace("http://", "https://", StringComparison.Ordinal), Token = "t" })).ReadKeyAsync("platform", default));

        exception.Fault.ShouldBe(VaultFault.Tls);
        exception.Message.ShouldContain("Set Vault:CaFile");
    }
}
