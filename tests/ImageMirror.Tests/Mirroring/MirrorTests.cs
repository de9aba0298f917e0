using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

[Collection(RealRegistriesDefinition.Name)]
public sealed class MirrorTests(RealRegistries real) : IAsyncLifetime
{
    private MirrorBench bench = null!;

    public async ValueTask InitializeAsync() => bench = await MirrorBench.StartAsync(real);

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task Run_NewImage_IsCopiedByteForByteAndSigned()
    {
        var image = TestImage.Create(1);
        await bench.PushAsync("alpine", image, "3.21");

        var report = await bench.RunAsync(bench.Image("alpine", "3.21"));

        var line = report.Images.ShouldHaveSingleItem();
        line.Cause.ShouldBeNull();
        line.Action.ShouldBe(MirrorAction.Copied);
        line.SourceDigest.ShouldBe(image.Index.Digest);
        line.TargetDigest.ShouldBe(image.Index.Digest);
        line.Moved.ShouldBe(new BlobCount(image.Blobs.Count, image.Blobs.Sum(blob => (long)blob.Content.Length)));
        line.Manifests.ShouldBe(3);
        line.Signatures.ShouldBe(6);
        (await bench.TargetDigestAsync("alpine", "3.21")).ShouldBe(image.Index.Digest);
        foreach (var manifest in image.Manifests.Append(image.Index))
        {
            (await bench.MissingSignaturesAsync("alpine", manifest.Digest)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Run_NewImage_MovesTheTagAfterEverythingElse()
    {
        await bench.PushAsync("alpine", TestImage.Create(2), "3.21");

        await bench.RunAsync(bench.Image("alpine", "3.21"));

        var manifestPuts = bench.Target.Requests.Where(request => request.StartsWith($"PUT /v2/{bench.Prefix}/alpine/manifests/", StringComparison.Ordinal)).ToList();
        bench.Target.Requests[^1].ShouldBe($"PUT /v2/{bench.Prefix}/alpine/manifests/3.21");
        manifestPuts.Count(put => put.EndsWith("/3.21", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_NothingChanged_CostsOneHeadAtTheSourceAndWritesNothing()
    {
        await bench.PushAsync("alpine", TestImage.Create(3), "3.21");
        await bench.RunAsync(bench.Image("alpine", "3.21"));
        bench.Source.Forget();
        bench.Target.Forget();

        var report = await bench.RunAsync(bench.Image("alpine", "3.21"));

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
        bench.Source.Requests.ShouldBe([$"HEAD /v2/{bench.Prefix}/alpine/manifests/3.21"]);
        bench.Target.Writes.ShouldBeEmpty();
        bench.Target.Requests.Count.ShouldBe(4, string.Join('\n', bench.Target.Requests));
    }
}
