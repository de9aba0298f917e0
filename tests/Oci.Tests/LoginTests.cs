using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

public sealed class LoginTests
{
    private static readonly TestImage Image = TestImage.Create(10);

    private static RegistryBehaviour Bearer { get; } = new() { Login = "bearer", Username = "robot$team+mirror", Password = "the-password" };

    [Fact]
    public async Task Bearer_ManyCalls_OneTokenPerScope()
    {
        await using var registry = await StartAsync(Bearer);
        using var clients = Clients(registry);
        var client = clients.For(registry.Host);

        for (var i = 0; i < 3; i++)
        {
            (await client.HeadManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();
        }

        await client.UploadBlobAsync("team/app", TestImage.Layer(1, 10).ToDescriptor(), TestImage.Layer(1, 10).ToSource(), Token);
        var logins = registry.Requests.Where(r => r.Path == "/token").Select(r => Uri.UnescapeDataString(r.Query)).ToList();
        logins.ShouldBe(["?service=tests&scope=repository:team/app:pull", "?service=tests&scope=repository:team/app:pull,push"]);
        registry.Requests.Where(r => r.Path == "/token").ShouldAllBe(r => r.Authorization!.StartsWith("Basic "));
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("bearer")]
    public async Task Login_PathOfItsOwn_UsedForItsRepositoriesAlone(string login)
    {
        await using var registry = await StartAsync(Bearer with { Login = login });
        using var clients = new RegistryClients(
            Quick with
            {
                Registries =
                [
                    new RegistryOptions { Host = registry.Host, Username = "somebody", Password = "else" },
                    new RegistryOptions { Host = $"{registry.Host}/team", Username = Bearer.Username, Password = Bearer.Password },
                ],
            },
            TimeProvider.System);
        var client = clients.For(registry.Host);

        (await client.HeadManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();
        (await Should.ThrowAsync<RegistryException>(() => client.HeadManifestAsync("teams/app", "v1", Token))).Fault.ShouldBe(RegistryFault.Unauthorized);
        (await client.HeadManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Bearer_Mount_AsksPullOnSource()
    {
        await using var registry = await StartAsync(Bearer);
        using var clients = Clients(registry);

        (await clients.For(registry.Host).TryMountBlobAsync("team/other", Digest.Parse(Image.Blobs[0].Digest), "team/app", Token)).ShouldBeTrue();

        Uri.UnescapeDataString(registry.Requests.Single(r => r.Path == "/token").Query)
            .ShouldBe("?service=tests&scope=repository:team/other:pull,push&scope=repository:team/app:pull");
    }

    [Fact]
    public async Task Bearer_SourceOfMountRefused_NotMounted()
    {
        await using var registry = await StartAsync(Bearer);
        registry.With(Fault.Status("GET", "team%2Fapp", 403, code: "DENIED"));
        using var clients = Clients(registry);

        (await clients.For(registry.Host).TryMountBlobAsync("team/other", Digest.Parse(Image.Blobs[0].Digest), "team/app", Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Bearer_RateLimitAfterLogin_Exposed()
    {
        await using var registry = await StartAsync(Bearer);
        using var clients = Clients(registry);
        var client = clients.For(registry.Host);
        await client.HeadManifestAsync("team/app", "v1", Token);
        client.LastRateLimit.ShouldBeNull();
        registry.With(Fault.Status("HEAD", "/manifests/", 401, 1, headers: ("WWW-Authenticate", $"Bearer realm=\"{registry.Uri}token\"")));
        registry.With(Fault.Status("HEAD", "/manifests/", 404, 1, headers: ("ratelimit-remaining", "7;w=21600")));

        await client.HeadManifestAsync("team/app", "v1", Token);

        client.LastRateLimit!.Remaining.ShouldBe(7);
    }

    [Fact]
    public async Task Bearer_TokenRejected_FetchedAnewOnce()
    {
        await using var registry = await StartAsync(Bearer);
        using var clients = Clients(registry);
        var client = clients.For(registry.Host);
        await client.HeadManifestAsync("team/app", "v1", Token);
        registry.With(Fault.Status("HEAD", "/manifests/", 401, 1, headers: ("WWW-Authenticate", $"Bearer realm=\"{registry.Uri}token\",service=\"tests\"")));

        (await client.HeadManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();

        registry.Requests.Count(r => r.Path == "/token").ShouldBe(2);
    }

    [Fact]
    public async Task Endless401_EndsAfterOneRefresh()
    {
        await using var registry = await StartAsync(Bearer);
        registry.With(Fault.Status("*", "/manifests/", 401, headers: ("WWW-Authenticate", $"Bearer realm=\"{registry.Uri}token\",service=\"tests\"")));
        using var clients = Clients(registry);

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Unauthorized);
        registry.Requests.Count.ShouldBeLessThan(6);
        e.ToString().ShouldNotContain("for-tests");
    }

    [Fact]
    public async Task TokenServerRefuses_UnauthorizedWithRemedyAndNoSecret()
    {
        await using var registry = await StartAsync(Bearer with { Password = "another" });
        using var clients = Clients(registry);

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Unauthorized);
        e.Remedy.ShouldNotBeNull().ShouldContain(registry.Host);
        e.ToString().ShouldNotContain("the-password");
    }

    [Fact]
    public async Task Bearer_Anonymous_NoCredentialSent()
    {
        await using var registry = await StartAsync(new RegistryBehaviour { Login = "bearer" });
        using var clients = new RegistryClients(Quick, TimeProvider.System);

        (await clients.For(registry.Host).GetManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();

        registry.Requests.Single(r => r.Path == "/token").Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task IdentityToken_FromDockerConfig_RefreshesByPost()
    {
        await using var registry = await StartAsync(new RegistryBehaviour { Login = "bearer", Username = "nobody", IdentityToken = "refresh-for-tests" });
        using var config = new TemporaryFile($$"""{"auths":{"{{registry.Host}}":{"identitytoken":"refresh-for-tests"} } }""");
        using var clients = new RegistryClients(Quick with { DockerConfigFile = config.Path }, TimeProvider.System);

        (await clients.For(registry.Host).GetManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();

        registry.Requests.Single(r => r.Path == "/token").Method.ShouldBe("POST");
    }

    [Fact]
    public async Task Basic_PasswordFileRotated_ReadAnew()
    {
        await using var registry = await StartAsync(new RegistryBehaviour { Login = "basic", Username = "ebb", Password = "second" });
        using var file = new TemporaryFile("first\n");
        using var clients = new RegistryClients(
            Quick with { Registries = [new RegistryOptions { Host = registry.Host, Username = "ebb", PasswordFile = file.Path }] }, TimeProvider.System);
        var client = clients.For(registry.Host);
        (await Should.ThrowAsync<RegistryException>(() => client.GetManifestAsync("team/app", "v1", Token))).Fault.ShouldBe(RegistryFault.Unauthorized);

        await File.WriteAllTextAsync(file.Path, "second\n", Token);

        (await client.GetManifestAsync("team/app", "v1", Token)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("http://10.1.2.3/token")]
    [InlineData("http://169.254.169.254/token")]
    [InlineData("ftp://tokens.example.com/")]
    [InlineData("http://user@127.0.0.1/token")]
    [InlineData("")]
    public async Task Realm_ThatIsRefused_NothingSentThere(string realm)
    {
        await using var registry = await StartAsync(Bearer with { Realm = realm });
        using var clients = Clients(registry);

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Protocol);
        e.Message.ShouldContain("refused");
        registry.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://harbor.example.com", "https://auth.example.com/token", true)]
    [InlineData("https://harbor.example.com", "http://harbor.example.com/token", false)]
    [InlineData("https://harbor.example.com", "https://127.0.0.1/token", false)]
    [InlineData("https://harbor.example.com", "https://[::1]/token", false)]
    [InlineData("https://harbor.example.com", "https://[::ffff:10.0.0.1]/token", false)]
    [InlineData("https://harbor.example.com", "https://192.168.3.4/token", false)]
    [InlineData("https://192.168.3.4", "https://192.168.3.4:8443/token", true)]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5001/token", true)]
    public void RealmPolicy_Addresses_AsExpected(string registry, string realm, bool allowed) =>
        (Auth.RealmPolicy.FindProblem(new Uri(registry), new Uri(realm)) is null).ShouldBe(allowed);

    private static async Task<FaultyRegistry> StartAsync(RegistryBehaviour behaviour)
    {
        var registry = await FaultyRegistry.StartAsync(behaviour);
        registry.Add("team/app", Image, "v1");
        return registry;
    }

    private static RegistryClients Clients(FaultyRegistry registry) => new(
        Quick with { Registries = [new RegistryOptions { Host = registry.Host, Username = "robot$team+mirror", Password = "the-password" }] }, TimeProvider.System);
}
