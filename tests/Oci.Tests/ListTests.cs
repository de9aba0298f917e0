using System.Text;
using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

public sealed class ListTests : IDisposable
{
    private static readonly TestImage Image = TestImage.Create(70);
    private readonly RegistryClients _clients = new(Quick, TimeProvider.System);

    public void Dispose() => _clients.Dispose();

    [Fact]
    public async Task Tags_ManyPages_AllInOrder()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { PageSize = 3 });
        var tags = Enumerable.Range(10, 10).Select(i => $"v{i}").ToArray();
        registry.Add("team/app", Image, tags);

        (await _clients.For(registry.Host).ListTagsAsync("team/app", Token).ToListAsync(Token)).ShouldBe(tags);

        registry.Requests.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("<http://localhost:1/v2/team/app/tags/list?n=1>; rel=\"next\"", "another host")]
    [InlineData("</v2/team/app/tags/list>; rel=\"next\"", "same page")]
    public async Task Tags_HostileNextPage_Refused(string link, string named)
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Instead("GET", "/tags/", context =>
        {
            context.Response.Headers.Link = link;
            return context.Response.Body.WriteAsync("""{"name":"x","tags":["a"]}"""u8.ToArray()).AsTask();
        }));

        var e = await Should.ThrowAsync<RegistryException>(async () => await _clients.For(registry.Host).ListTagsAsync("team/app", Token).ToListAsync(Token));

        e.Fault.ShouldBe(RegistryFault.Protocol);
        e.Message.ShouldContain(named);
    }

    [Fact]
    public async Task Tags_EndlessPages_Bounded()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        var page = 0;
        registry.With(Fault.Instead("GET", "/tags/", context =>
        {
            context.Response.Headers.Link = $"</v2/team/app/tags/list?last={page++}>; rel=next";
            return context.Response.Body.WriteAsync("""{"name":"x","tags":["a"]}"""u8.ToArray()).AsTask();
        }));

        (await Should.ThrowAsync<RegistryException>(async () => await _clients.For(registry.Host).ListTagsAsync("team/app", Token).ToListAsync(Token)))
            .Message.ShouldContain("1000 pages");
    }

    [Theory]
    [InlineData("""{"tags":[1]}""")]
    [InlineData("""{"tags":{}}""")]
    [InlineData("<html>")]
    public async Task Tags_NoListOfTags_Protocol(string body)
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Instead("GET", "/tags/", context => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask()));

        (await Should.ThrowAsync<RegistryException>(async () => await _clients.For(registry.Host).ListTagsAsync("team/app", Token).ToListAsync(Token)))
            .Fault.ShouldBe(RegistryFault.Protocol);
    }

    [Fact]
    public async Task Tags_NamesThatAreNoTags_PassedOverAndNamed()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Instead("GET", "/tags/", static context => context.Response.Body.WriteAsync(
            """{"tags":["1.0","-ot-beta-jmx","../../x","sha256:0123","2.0"]}"""u8.ToArray()).AsTask()));
        var passedOver = new List<string>();

        (await _clients.For(registry.Host).ListTagsAsync("team/app", passedOver.Add, Token).ToListAsync(Token)).ShouldBe(["1.0", "2.0"]);

        passedOver.ShouldBe(["-ot-beta-jmx", "../../x", "sha256:0123"]);
    }

    [Fact]
    public async Task Tags_NullList_Empty()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Instead("GET", "/tags/", static context => context.Response.Body.WriteAsync("""{"tags":null}"""u8.ToArray()).AsTask()));

        (await _clients.For(registry.Host).ListTagsAsync("team/app", Token).ToListAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Referrers_Api_PagedAndNoFallbackTagWritten()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { ReferrersApi = true, PageSize = 2 });
        registry.Add("team/app", Image, "v1");
        var client = _clients.For(registry.Host);
        var referrers = Enumerable.Range(0, 5).Select(Referrer).ToList();

        foreach (var referrer in referrers)
        {
            await client.PutReferrerAsync("team/app", referrer, Token);
        }

        (await client.GetReferrersAsync("team/app", Digest.Parse(Image.Index.Digest), Token)).Select(r => r.Digest)
            .ShouldBe(referrers.Select(r => r.Descriptor.Digest), ignoreOrder: true);
        registry.State.Tags.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Referrers_FallbackTagIsAnImage_NeitherReadNorOverwritten()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.Add("team/app", Image, $"sha256-{Image.Index.Digest[7..]}");
        var client = _clients.For(registry.Host);

        (await client.GetReferrersAsync("team/app", Digest.Parse(Image.Index.Digest), Token)).ShouldBeEmpty();
        var e = await Should.ThrowAsync<RegistryException>(() => client.PutReferrerAsync("team/app", Referrer(0), Token));

        e.Message.ShouldContain("not overwritten");
        registry.State.Tags.Values.ShouldBe([Image.Index.Digest]);
    }

    [Fact]
    public async Task Referrers_AnotherWriterOverwrites_AddedAgain()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.Add("team/app", Image, "v1");
        var client = _clients.For(registry.Host);
        await client.PutReferrerAsync("team/app", Referrer(1), Token);
        var tag = ("team/app", $"sha256-{Image.Index.Digest[7..]}");
        var before = registry.State.Tags[tag];
        // The second writer's index, made before ours, arrives after it.
        registry.With(Fault.Instead("PUT", "/manifests/sha256-", context =>
        {
            registry.State.Tags[tag] = before;
            context.Response.StatusCode = 201;
            return Task.CompletedTask;
        }, times: 2));

        await client.PutReferrerAsync("team/app", Referrer(2), Token);

        (await client.GetReferrersAsync("team/app", Digest.Parse(Image.Index.Digest), Token)).Count.ShouldBe(2);
    }

    private static Manifest Referrer(int number) => Manifest.Parse(
        Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","artifactType":"application/vnd.test+json","config":{{Image.Blobs[0].Descriptor}},"layers":[],"subject":{{Image.Index.Descriptor}},"annotations":{"n":"{{number}}"} }"""),
        MediaTypes.OciManifest);
}
