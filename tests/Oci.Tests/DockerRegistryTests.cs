using System.Diagnostics;
using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

[Collection(RealRegistries.Name)]
public sealed class DockerRegistryTests(DockerRegistryFixture fixture) : IDisposable
{
    private readonly string _repository = NewRepository();
    private readonly RegistryClients _clients = new(
        Quick with { Registries = [new RegistryOptions { Host = fixture.WithLogin.Host, Username = DockerRegistry.Username, Password = DockerRegistry.Password }] },
        TimeProvider.System);

    public void Dispose() => _clients.Dispose();

    [Fact]
    public async Task Push_RealRegistry_SkopeoReadsIt()
    {
        var image = TestImage.Create(1);
        await PushAsync(_clients.For(fixture.Open.Host), _repository, image, "v1");

        var (exitCode, output) = await RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{fixture.Open.Host}/{_repository}:v1");
        exitCode.ShouldBe(0, output);
        output.ShouldBe(System.Text.Encoding.UTF8.GetString(image.Index.Content));
        var folder = Directory.CreateTempSubdirectory("ebb-skopeo-");
        try
        {
            (exitCode, output) = await RunAsync("skopeo", "copy", "--all", "--src-tls-verify=false", $"docker://{fixture.Open.Host}/{_repository}:v1", $"dir:{folder.FullName}");
            exitCode.ShouldBe(0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Pull_RealRegistry_SameBytes()
    {
        var image = TestImage.Create(2, layerBytes: [3_000_000]);
        await TestImages.PushAsync(fixture.Open.Uri, _repository, image, ["v1", "v2"]);
        var client = _clients.For(fixture.Open.Host);

        var head = await client.HeadManifestAsync(_repository, "v1", Token);
        head.ShouldBe(image.Index.ToDescriptor() with { Annotations = head!.Annotations });
        var index = await client.GetManifestAsync(_repository, "v1", Token);
        index!.Content.ToArray().ShouldBe(image.Index.Content);
        index.Manifests.Select(m => m.Platform!.ToString()).ShouldBe(["linux/amd64", "linux/arm64"]);
        var manifest = await client.GetManifestAsync(_repository, index.Manifests[0].Digest.ToString(), Token);
        var layer = await ReadAllAsync(await client.OpenBlobAsync(_repository, manifest!.Layers[0], Token));
        layer.AsSpan().SequenceEqual(image.Blobs.Single(b => b.Digest == manifest.Layers[0].Digest.ToString()).Content).ShouldBeTrue();
        var tail = await ReadAllAsync(await client.OpenBlobAsync(_repository, manifest.Layers[0], 2_999_990, Token));
        tail.ShouldBe(layer[2_999_990..]);
        (await client.ReadBlobAsync(_repository, manifest.Config!, 10_000, Token)).Length.ShouldBe((int)manifest.Config!.Size);
        (await client.ListTagsAsync(_repository, Token).ToListAsync(Token)).ShouldBe(["v1", "v2"]);
    }

    [Fact]
    public async Task Missing_RealRegistry_NullOrFalse()
    {
        var client = _clients.For(fixture.Open.Host);
        var digest = Digest.Of("nothing"u8);

        (await client.HeadManifestAsync(_repository, "v1", Token)).ShouldBeNull();
        (await client.GetManifestAsync(_repository, digest.ToString(), Token)).ShouldBeNull();
        (await client.BlobExistsAsync(_repository, digest, Token)).ShouldBeFalse();
        (await client.TryMountBlobAsync(_repository, digest, "tests/other", Token)).ShouldBeFalse();
        (await client.GetReferrersAsync(_repository, digest, Token)).ShouldBeEmpty();
        (await Should.ThrowAsync<RegistryException>(async () => await client.ListTagsAsync(_repository, Token).ToListAsync(Token)))
            .Fault.ShouldBe(RegistryFault.NotFound);
    }

    [Fact]
    public async Task Mount_BlobInOtherRepository_Mounted()
    {
        var client = _clients.For(fixture.Open.Host);
        var blob = TestImage.Layer(3, 5000);
        await client.UploadBlobAsync(_repository, blob.ToDescriptor(), blob.ToSource(), Token);
        var other = NewRepository();

        (await client.TryMountBlobAsync(other, Digest.Parse(blob.Digest), _repository, Token)).ShouldBeTrue();
        (await client.BlobExistsAsync(other, Digest.Parse(blob.Digest), Token)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_048_575)]
    [InlineData(20_000_000)]
    public async Task Upload_AnyLength_Readable(int bytes)
    {
        var client = _clients.For(fixture.WithLogin.Host);
        var blob = TestImage.Layer(4, bytes);

        await client.UploadBlobAsync(_repository, blob.ToDescriptor(), blob.ToSource(), Token);

        (await ReadAllAsync(await client.OpenBlobAsync(_repository, blob.ToDescriptor(), Token))).AsSpan().SequenceEqual(blob.Content).ShouldBeTrue();
    }

    [Fact]
    public async Task Upload_WrongDigest_NamedAndNotKept()
    {
        var client = _clients.For(fixture.Open.Host);
        var blob = TestImage.Layer(5, 5000);
        var wrong = blob.ToDescriptor() with { Digest = Digest.Of("other"u8) };

        var e = await Should.ThrowAsync<RegistryException>(() => client.UploadBlobAsync(_repository, wrong, blob.ToSource(), Token));

        e.Fault.ShouldBe(RegistryFault.WrongContent);
        (await client.BlobExistsAsync(_repository, wrong.Digest, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task PutReferrer_NoReferrersApi_FallbackTagKeepsAll()
    {
        var client = _clients.For(fixture.Open.Host);
        var image = TestImage.Create(6);
        await PushAsync(client, _repository, image, "v1");
        var subject = image.Index.ToDescriptor();
        var referrers = Enumerable.Range(0, 4).Select(i => Referrer(image, subject, i)).ToList();

        await Task.WhenAll(referrers.Select(r => client.PutReferrerAsync(_repository, r, Token)));
        await client.PutReferrerAsync(_repository, referrers[0], Token);

        var found = await client.GetReferrersAsync(_repository, subject.Digest, Token);
        found.Select(f => f.Digest).ShouldBe(referrers.Select(r => r.Descriptor.Digest), ignoreOrder: true);
        found.ShouldAllBe(f => f.ArtifactType == "application/vnd.test+json");
        found.Select(f => f.Annotations["n"]).Order().ShouldBe(["0", "1", "2", "3"]);
    }

    [Fact]
    public async Task Login_WrongPassword_Unauthorized()
    {
        using var wrong = new RegistryClients(
            Quick with { Registries = [new RegistryOptions { Host = fixture.WithLogin.Host, Username = "ebb", Password = "not-the-password" }] }, TimeProvider.System);

        var e = await Should.ThrowAsync<RegistryException>(() => wrong.For(fixture.WithLogin.Host).HeadManifestAsync(_repository, "v1", Token));

        e.Fault.ShouldBe(RegistryFault.Unauthorized);
        e.ToString().ShouldNotContain("not-the-password");
        wrong.For(fixture.WithLogin.Host).RequestCount.ShouldBeLessThan(6);
    }

    [Fact]
    public async Task PutManifest_BlobsMissing_Named()
    {
        var e = await Should.ThrowAsync<RegistryException>(() => _clients.For(fixture.Open.Host)
            .PutManifestAsync(_repository, "v1", TestImage.Create(7).Manifests[0].ToManifest(), Token));

        e.Codes.ShouldContain("MANIFEST_BLOB_UNKNOWN");
        e.Fault.ShouldBe(RegistryFault.ContentMissing);
    }

    [Fact]
    public async Task PutManifest_BlobsMissingAndRestored_PutsAgain()
    {
        var client = _clients.For(fixture.Open.Host);
        var image = TestImage.Create(8);
        var manifest = image.Manifests[0].ToManifest();

        await client.PutManifestAsync(_repository, "v1", manifest, async token =>
        {
            foreach (var blob in image.Blobs)
            {
                await client.UploadBlobAsync(_repository, blob.ToDescriptor(), blob.ToSource(), token);
            }
        }, Token);

        (await client.HeadManifestAsync(_repository, "v1", Token))!.Digest.ShouldBe(manifest.Descriptor.Digest);
    }

    [Fact]
    public async Task GetReferrers_NoReferrersApi_AsksForItOnceInAllRepositories()
    {
        var client = _clients.For(fixture.Open.Host);
        var subject = TestImage.Create(9).Index.ToDescriptor().Digest;
        await client.GetReferrersAsync($"{_repository}/a", subject, Token);
        var before = client.RequestCount;

        (await client.GetReferrersAsync($"{_repository}/b", subject, Token)).ShouldBeEmpty();

        (client.RequestCount - before).ShouldBe(1);
    }

    private static Manifest Referrer(TestImage image, Descriptor subject, int number)
    {
        var config = image.Blobs[0];
        return Manifest.Parse(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","artifactType":"application/vnd.test+json","config":{{config.Descriptor}},"layers":[],"subject":{"mediaType":"{{subject.MediaType}}","digest":"{{subject.Digest}}","size":{{subject.Size}}},"annotations":{"n":"{{number}}"} }"""),
            MediaTypes.OciManifest);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output);
    }
}
