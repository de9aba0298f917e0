using System.Net;
using System.Text;
using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

public sealed class ManifestFaultTests : IAsyncLifetime
{
    private static readonly TestImage Image = TestImage.Create(20);
    private readonly RegistryClients _clients = new(Quick, TimeProvider.System);
    private FaultyRegistry _registry = null!;

    private RegistryClient Client => _clients.For(_registry.Host);

    public async ValueTask InitializeAsync() => _registry = await StartAsync(new RegistryBehaviour());

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task TransientStatus_PassesAfterTwo_Repeated(int status)
    {
        _registry.With(Fault.Status("GET", "/manifests/", status, 2, headers: ("Retry-After", "0")));

        (await Client.GetManifestAsync("team/app", "v1", Token))!.Descriptor.Digest.ToString().ShouldBe(Image.Index.Digest);

        Client.RequestCount.ShouldBe(3);
    }

    [Fact]
    public async Task TooManyRequests_RetryAfterLong_RateLimitedWithTime()
    {
        _registry.With(Fault.Status("GET", "/manifests/", 429, code: "TOOMANYREQUESTS", headers: ("Retry-After", "3600")));

        var e = await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.RateLimited);
        e.Message.ShouldContain("may be asked again at 2");
        Client.RequestCount.ShouldBe(1);
    }

    [Fact]
    public async Task ServerError_Stays_NamedAfterBoundedAttempts()
    {
        _registry.With(Fault.Status("GET", "/manifests/", 500, message: "Authorization: Bearer abcdefghijklmnop failed"));

        var e = await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.ServerError);
        e.Status.ShouldBe(HttpStatusCode.InternalServerError);
        e.Message.ShouldNotContain("abcdefghijklmnop");
        Client.RequestCount.ShouldBe(5);
    }

    [Fact]
    public async Task BodyCutShort_Repeated()
    {
        _registry.With(Fault.Bend("GET", "/manifests/", new BodyFault { CutAnswerAfter = 20 }, times: 2));

        (await Client.GetManifestAsync("team/app", "v1", Token))!.Content.ToArray().ShouldBe(Image.Index.Content);
    }

    [Fact]
    public async Task BodyCutShort_Always_Unreachable()
    {
        _registry.With(Fault.Bend("GET", "/manifests/", new BodyFault { CutAnswerAfter = 20 }));

        (await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token))).Fault.ShouldBe(RegistryFault.Unreachable);
    }

    [Fact]
    public async Task WrongDigest_Named()
    {
        _registry.With(Fault.Bend("GET", "/manifests/", new BodyFault { AlterAnswer = true }));
        var altered = TestImage.Create(21);
        _registry.State.Manifests[("team/app", Image.Manifests[0].Digest)] = altered.Manifests[0];
        _registry.Heal();

        var e = await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", Image.Manifests[0].Digest, Token));

        e.Fault.ShouldBe(RegistryFault.WrongContent);
        e.Message.ShouldContain(Image.Manifests[0].Digest);
        e.Message.ShouldContain(altered.Manifests[0].Digest);
    }

    [Fact]
    public async Task DigestHeader_DiffersFromContent_WrongContent()
    {
        _registry.With(Fault.Instead("GET", "/manifests/", context =>
        {
            context.Response.ContentType = Image.Index.MediaType;
            context.Response.Headers["Docker-Content-Digest"] = Image.Manifests[0].Digest;
            return context.Response.Body.WriteAsync(Image.Index.Content).AsTask();
        }));

        (await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token))).Fault.ShouldBe(RegistryFault.WrongContent);
    }

    [Fact]
    public async Task Endless_StopsAtLimit()
    {
        _registry.With(Fault.Bend("GET", "/manifests/", new BodyFault { EndlessAnswer = true }));

        var e = await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Protocol);
        e.Message.ShouldContain("4194304");
    }

    [Fact]
    public async Task LongerThan4MiB_Refused()
    {
        var text = Encoding.UTF8.GetString(Image.Index.Content);
        var big = new TestBlob(Encoding.UTF8.GetBytes(text + new string(' ', Manifest.MaxBytes)), Image.Index.MediaType);
        _registry.State.Manifests[("team/app", big.Digest)] = big;

        (await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", big.Digest, Token))).Message.ShouldContain("4194304");
    }

    [Fact]
    public async Task ContentTypeDiffers_Protocol()
    {
        _registry.State.Manifests[("team/app", Image.Index.Digest)] = Image.Index with { MediaType = MediaTypes.DockerManifestList };

        var e = await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Protocol);
        e.Message.ShouldContain(MediaTypes.DockerManifestList);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Head_NotInFull_FallsBackToGet(bool digestHeader, bool headManifests)
    {
        await using var other = await StartAsync(new RegistryBehaviour { DigestHeader = digestHeader, HeadManifests = headManifests });

        var head = await _clients.For(other.Host).HeadManifestAsync("team/app", "v1", Token);

        head!.Digest.ToString().ShouldBe(Image.Index.Digest);
        head.Size.ShouldBe(Image.Index.Content.Length);
        other.Requests.Select(r => r.Method).ShouldBe(["HEAD", "GET"]);
    }

    [Fact]
    public async Task TagGoneBetweenListAndPull_Null()
    {
        var tags = await Client.ListTagsAsync("team/app", Token).ToListAsync(Token);
        _registry.State.Tags.Clear();

        (await Client.GetManifestAsync("team/app", tags.Single(), Token)).ShouldBeNull();
        (await Client.HeadManifestAsync("team/app", tags.Single(), Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("../../x", "v1")]
    [InlineData("UPPER/case", "v1")]
    [InlineData("team/app", "../v1")]
    [InlineData("team/app", "v1?x=y")]
    public async Task HostileNames_NeverSent(string repository, string reference)
    {
        await Should.ThrowAsync<OciFormatException>(() => Client.GetManifestAsync(repository, reference, Token));

        _registry.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task RedirectLoop_Bounded()
    {
        _registry.With(Fault.Instead("GET", "/manifests/", static context =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.CompletedTask;
        }));

        (await Should.ThrowAsync<RegistryException>(() => Client.GetManifestAsync("team/app", "v1", Token))).Fault.ShouldBe(RegistryFault.Protocol);
        _registry.Requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task RateLimitHeader_Exposed()
    {
        _registry.With(Fault.Instead("HEAD", "/manifests/", static context =>
        {
            context.Response.Headers["ratelimit-limit"] = "100;w=21600";
            context.Response.Headers["ratelimit-remaining"] = "76;w=21600";
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }));

        await Client.HeadManifestAsync("team/app", "v1", Token);

        Client.LastRateLimit.ShouldBe(new RateLimit(76, 100, TimeSpan.FromHours(6), Client.LastRateLimit!.Seen));
    }

    [Fact]
    public async Task HostThatIsNotThere_Unreachable()
    {
        var host = _registry.Host;
        await _registry.DisposeAsync();

        var e = await Should.ThrowAsync<RegistryException>(() => _clients.For(host).GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Unreachable);
        e.Message.ShouldContain(host);
    }

    [Fact]
    public async Task TlsToPlainServer_NamedWithRemedy()
    {
        using var tls = new RegistryClients(Quick with { Registries = [new RegistryOptions { Host = _registry.Host, PlainHttp = false }] }, TimeProvider.System);

        var e = await Should.ThrowAsync<RegistryException>(() => tls.For(_registry.Host).GetManifestAsync("team/app", "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Tls);
        e.Remedy.ShouldNotBeNull().ShouldContain("PlainHttp");
    }

    private static async Task<FaultyRegistry> StartAsync(RegistryBehaviour behaviour)
    {
        var started = await FaultyRegistry.StartAsync(behaviour);
        started.Add("team/app", Image, "v1");
        return started;
    }
}
