namespace Ebb.Vault.Tests;

public sealed class VaultLoginTests : VaultTestBase
{
    private static readonly byte[] Hash = new byte[32];

    [Fact]
    public async Task AppRole_ManyCallersAtOnce_LogIn_Once()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromHours(1), policies: [SignPolicy]);
        Server.Transit.Create("platform");
        var transit = new VaultTransit(Client(AppRole()));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => transit.SignAsync("platform", Hash, default)));

        Server.Auth.Logins.ShouldBe(1);
        Count("POST /v1/transit/sign/platform/sha2-256").ShouldBe(50);
    }

    [Fact]
    public async Task Kubernetes_TokenOfTheServiceAccount_IsReadAtEachLogin()
    {
        Server.Auth.AddKubernetesRole("mirror", "first-jwt", TimeSpan.FromMinutes(10), ReadPolicy);
        Server.Transit.Create("platform");
        var jwt = Write("jwt", "first-jwt");
        var transit = new VaultTransit(Client(Options with { Kubernetes = new KubernetesLoginOptions { Role = "mirror", JwtFile = jwt } }));
        await transit.ReadKeyAsync("platform", default);

        Server.Auth.AddKubernetesRole("mirror", "second-jwt", TimeSpan.FromMinutes(10), ReadPolicy);
        File.WriteAllText(jwt, "second-jwt");
        Time.Advance(TimeSpan.FromMinutes(11));
        await transit.ReadKeyAsync("platform", default);

        Server.Auth.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Token_TwoThirdsOfItsLeaseOver_IsRenewedBeforeItIsUsed()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromMinutes(30), policies: [ReadPolicy]);
        Server.Transit.Create("platform");
        var transit = new VaultTransit(Client(AppRole()));
        await transit.ReadKeyAsync("platform", default);

        for (var i = 0; i < 5; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(21));
            await transit.ReadKeyAsync("platform", default);
        }

        Server.Auth.Logins.ShouldBe(1);
        Count("POST /v1/auth/token/renew-self").ShouldBe(5);
    }

    [Fact]
    public async Task Token_NearItsMaximumLifetime_IsReplacedByANewLogin()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromMinutes(30), maxTtl: TimeSpan.FromMinutes(35), policies: [ReadPolicy]);
        Server.Transit.Create("platform");
        var transit = new VaultTransit(Client(AppRole()));
        await transit.ReadKeyAsync("platform", default);

        Time.Advance(TimeSpan.FromMinutes(25));
        await transit.ReadKeyAsync("platform", default);

        Server.Auth.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Token_RevokedAtTheServer_IsReplacedAndTheRequestMadeAgain()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromHours(1), policies: [ReadPolicy]);
        Server.Transit.Create("platform");
        var transit = new VaultTransit(Client(AppRole()));
        await transit.ReadKeyAsync("platform", default);

        Server.Tokens.RevokeAll();
        await transit.ReadKeyAsync("platform", default);

        Server.Auth.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Token_RevokedWhileManyAsk_IsReplacedByOneLogin()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromHours(1), policies: [SignPolicy]);
        Server.Transit.Create("platform");
        var transit = new VaultTransit(Client(AppRole()));
        await transit.SignAsync("platform", Hash, default);

        var calls = Enumerable.Range(0, 200).Select(_ => transit.SignAsync("platform", Hash, default)).ToList();
        await Task.WhenAny(calls);
        Server.Tokens.RevokeAll();
        await Task.WhenAll(calls);
        await transit.SignAsync("platform", Hash, default);

        Server.Auth.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Token_WithoutThePermission_IsNotReplaced()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromHours(1), policies: [ReadPolicy]);
        var transit = new VaultTransit(Client(AppRole()));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Should.ThrowAsync<VaultException>(() => transit.SignAsync("platform", Hash, default))));

        Server.Auth.Logins.ShouldBe(1);
    }

    [Fact]
    public async Task Jwt_TokenOfAnotherIssuer_LogsInAndARefusalNamesTheRole()
    {
        Server.Auth.AddJwtRole("pipeline", "header.payload.signature", TimeSpan.FromMinutes(10), ReadPolicy);
        Server.Transit.Create("platform");
        var options = Options with { Jwt = new JwtLoginOptions { Role = "pipeline", JwtFile = Write("jwt", "header.payload.signature\n") } };
        (await new VaultTransit(Client(options)).ReadKeyAsync("platform", default)).LatestVersion.ShouldBe(1);

        Write("jwt", "eyJhbGciOiJub25lIn0.e30.");
        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(Client(options)).ReadKeyAsync("platform", default));

        exception.Message.ShouldContain("the Jwt login at auth/jwt with the role pipeline is refused (400: error validating token:");
        exception.ToString().ShouldNotContain("eyJhbGciOiJub25lIn0");
    }

    [Fact]
    public async Task TokenFile_Rotated_IsReadAgainWhenTheOldTokenDies()
    {
        Server.Transit.Create("platform");
        var first = Server.Tokens.Create(policies: ReadPolicy);
        var file = Write("token", first.Value + "\n");
        var transit = new VaultTransit(Client(Options with { TokenFile = file }));
        await transit.ReadKeyAsync("platform", default);

        File.WriteAllText(file, Server.Tokens.Create(policies: ReadPolicy).Value);
        Server.Tokens.Revoke(first);

        (await transit.ReadKeyAsync("platform", default)).LatestVersion.ShouldBe(1);
    }

    [Fact]
    public async Task Login_FailsWhileTheOldTokenHolds_OldTokenIsKept()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromMinutes(30), maxTtl: TimeSpan.FromMinutes(31), policies: [ReadPolicy]);
        Server.Transit.Create("platform");
        var options = AppRole();
        var transit = new VaultTransit(Client(options));
        await transit.ReadKeyAsync("platform", default);

        File.WriteAllText(options.AppRole!.SecretIdFile, "no longer right");
        Time.Advance(TimeSpan.FromMinutes(25));
        (await transit.ReadKeyAsync("platform", default)).LatestVersion.ShouldBe(1);

        Time.Advance(TimeSpan.FromMinutes(10));
        var exception = await Should.ThrowAsync<VaultException>(() => transit.ReadKeyAsync("platform", default));
        exception.Fault.ShouldBe(VaultFault.LoginFailed);
    }

    [Fact]
    public async Task Login_WrongSecretId_SaysWhatTheServerSaidAndNoSecret()
    {
        Server.Auth.AddAppRole("role-of-tests", "right", TimeSpan.FromHours(1));
        var client = Client(AppRole("role-of-tests", "wrong-secret-id-value"));

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(client).ReadKeyAsync("platform", default));

        exception.Fault.ShouldBe(VaultFault.LoginFailed);
        exception.Message.ShouldContain("the AppRole login at auth/approle is refused (400: invalid role or secret ID)");
        exception.ToString().ShouldNotContain("wrong-secret-id-value");
    }

    [Fact]
    public async Task Login_TokenOfNobody_IsALoginThatFailed()
    {
        var client = Client(Options with { Token = "hvs.aTokenThatNobodyEverIssued" });

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(client).ReadKeyAsync("platform", default));

        exception.Fault.ShouldBe(VaultFault.LoginFailed);
        exception.ToString().ShouldNotContain("aTokenThatNobodyEverIssued");
    }

    [Fact]
    public async Task Login_FailsForManyCallers_IsTriedOnce()
    {
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromHours(1));
        var transit = new VaultTransit(Client(AppRole(secretId: "wrong")));

        var calls = Enumerable.Range(0, 20).Select(_ => transit.ReadKeyAsync("platform", default)).ToList();
        foreach (var call in calls)
        {
            await Should.ThrowAsync<VaultException>(() => call);
        }

        Count("POST /v1/auth/approle/login").ShouldBe(1);
    }

    [Fact]
    public async Task Login_MissingFile_NamesTheSettingAndThePath()
    {
        var options = AppRole();
        var client = Client(options);
        File.Delete(options.AppRole!.SecretIdFile);

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(client).ReadKeyAsync("platform", default));

        exception.Message.ShouldContain($"Vault:AppRole:SecretIdFile: the file {options.AppRole.SecretIdFile} cannot be read");
    }

    [Fact]
    public async Task Namespace_IsSentWithLoginAndRequests()
    {
        Server.Namespace = "team-a";
        Server.Auth.AddAppRole("role", "secret", TimeSpan.FromHours(1), policies: [ReadPolicy]);
        Server.Transit.Create("platform");

        (await new VaultTransit(Client(AppRole() with { Namespace = "team-a" })).ReadKeyAsync("platform", default)).Type.ShouldBe("ecdsa-p256");
        await Should.ThrowAsync<VaultException>(() => new VaultTransit(Client(AppRole() with { Namespace = "team-b" })).ReadKeyAsync("platform", default));
    }
}
