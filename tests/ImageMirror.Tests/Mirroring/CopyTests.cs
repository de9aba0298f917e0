using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class CopyTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_NewImage_IsCopiedByteForByteAndSigned()
    {
        var image = TestImage.Create(1);
        await Bench.PushAsync("alpine", image, "3.21");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21"));

        var line = report.Images.ShouldHaveSingleItem();
        line.Cause.ShouldBeNull();
        line.Action.ShouldBe(MirrorAction.Copied);
        line.SourceDigest.ShouldBe(image.Index.Digest);
        line.TargetDigest.ShouldBe(image.Index.Digest);
        line.Moved.ShouldBe(new BlobCount(image.Blobs.Count, image.Blobs.Sum(blob => (long)blob.Content.Length)));
        line.Manifests.ShouldBe(3);
        line.Signatures.ShouldBe(6);
        line.Signing.ShouldBe($"signed with {Bench.KeyFile}");
        (await Bench.TargetDigestAsync("alpine", "3.21")).ShouldBe(image.Index.Digest);
        foreach (var manifest in image.Manifests.Append(image.Index))
        {
            (await Bench.MissingSignaturesAsync("alpine", manifest.Digest)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Run_NewImage_WritesInTheSafeOrder()
    {
        var image = TestImage.Create(2);
        await Bench.PushAsync("alpine", image, "3.21");

        await Bench.RunAsync(Bench.Image("alpine", "3.21"));

        var requests = Bench.Target.Requests.ToList();
        var tag = requests.IndexOf($"PUT {Path("alpine/manifests/3.21")}");
        tag.ShouldBe(requests.Count - 1, "the tag moves last");
        var index = requests.IndexOf($"PUT {Path($"alpine/manifests/{image.Index.Digest}")}");
        foreach (var child in image.Manifests)
        {
            requests.IndexOf($"PUT {Path($"alpine/manifests/{child.Digest}")}").ShouldBeInRange(0, index, "children before the index");
            SignedAt(requests, child).ShouldBeInRange(index, SignedAt(requests, image.Index), "signatures of children before the index's");
        }

        // What was written is read back and verified before the tag moves.
        requests.LastIndexOf($"GET {SignatureTag(image.Index)}").ShouldBeInRange(SignedAt(requests, image.Index), tag);
        requests.FindLastIndex(request => request.Contains("/blobs/uploads/", StringComparison.Ordinal) && request.StartsWith("PATCH", StringComparison.Ordinal)).ShouldBeLessThan(tag);
    }

    [Fact]
    public async Task Run_WithoutAKey_MirrorsUnsignedAndSaysSo()
    {
        await Bench.PushAsync("alpine", TestImage.Create(3), "3.21");

        var report = await Bench.RunAsync(Bench.NewEngine(signed: false), Bench.Image("alpine", "3.21"));

        var line = report.Images.ShouldHaveSingleItem();
        line.Action.ShouldBe(MirrorAction.Copied);
        line.Signing.ShouldBe("unsigned: Signing:Key is not set");
        Bench.Target.Requests.ShouldNotContain(request => request.Contains("sha256-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ImagesThatShareLayers_UploadEachBlobOnceAndMountIt()
    {
        var images = Enumerable.Range(10, 6).Select(seed => TestImage.Create(seed, sharedSeed: 7777)).ToList();
        foreach (var (image, i) in images.Select((image, i) => (image, i)))
        {
            await Bench.PushAsync($"app{i}", image, "1");
        }

        var report = await Bench.RunAsync([.. images.Select((_, i) => Bench.Image($"app{i}", "1"))]);

        var shared = TestImage.Layer(7777, 4096);
        report.Images.ShouldAllBe(line => line.Action == MirrorAction.Copied);
        report.Totals.Mounted.ShouldBe(new BlobCount(5, 5 * 4096));
        Bench.Source.Requests.Count(request => request.EndsWith(shared.Digest, StringComparison.Ordinal)).ShouldBe(1, "read once");
        report.Totals.Moved.Bytes.ShouldBe(images.SelectMany(image => image.Blobs).DistinctBy(blob => blob.Digest).Sum(blob => (long)blob.Content.Length));
    }

    [Fact]
    public async Task Run_TwoTagsOfOneImage_CopyAndSignItOnce()
    {
        var image = TestImage.Create(20);
        await Bench.PushAsync("alpine", image, "3.21", "latest");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21", "latest"));

        report.Totals.Signatures.ShouldBe(6);
        report.Totals.Moved.Blobs.ShouldBe(image.Blobs.Count);
        foreach (var manifest in image.Manifests.Append(image.Index))
        {
            Bench.Target.Requests.Count(request => request == $"PUT {SignatureTag(manifest)}").ShouldBe(1);
        }
    }

    [Fact]
    public async Task Run_TagMovedUpstream_UpdatesItAndSkipsWhatIsThere()
    {
        await Bench.PushAsync("alpine", TestImage.Create(21, sharedSeed: 5), "latest");
        await Bench.RunAsync(Bench.Image("alpine", "latest"));
        var newer = TestImage.Create(22, sharedSeed: 5);
        await Bench.PushAsync("alpine", newer, "latest");

        var report = await Bench.RunAsync(Bench.Image("alpine", "latest"));

        var line = report.Images.ShouldHaveSingleItem();
        line.Action.ShouldBe(MirrorAction.Updated);
        line.Skipped.Bytes.ShouldBe(2 * 4096);
        (await Bench.TargetDigestAsync("alpine", "latest")).ShouldBe(newer.Index.Digest);
    }

    [Fact]
    public async Task Run_AttestationsAndNestedIndexes_AreKeptAsTheyAre()
    {
        var image = await PushUnusualAsync("odd", "1");

        var report = await Bench.RunAsync(Bench.Image("odd", "1"));

        report.Images.ShouldHaveSingleItem().Cause.ShouldBeNull();
        (await Bench.TargetDigestAsync("odd", "1")).ShouldBe(image.Digest);
        report.Totals.Signatures.ShouldBe(2 * 4, "two indexes and two manifests");
    }

    [Fact]
    public async Task Run_DockerManifestList_IsCopiedAsItIs()
    {
        var image = await Unusual.PushDockerListAsync(Bench.Real.Source.Uri, $"{Bench.Prefix}/old", "1");

        var report = await Bench.RunAsync(Bench.Image("old", "1"));

        report.Images.ShouldHaveSingleItem().Cause.ShouldBeNull();
        (await Bench.TargetDigestAsync("old", "1")).ShouldBe(image.Digest);
    }

    [Fact]
    public async Task Run_IntoTheRootOfARegistry_Works()
    {
        var name = $"root{Guid.NewGuid():n}";
        await Bench.PushAsync(name, TestImage.Create(25), "1");

        var report = await Bench.RunAsync(new MirrorOrder { Target = Bench.Target.Host, Images = [Bench.Image(name, "1")] });

        report.Images.ShouldHaveSingleItem().Target.ShouldBe($"{Bench.Target.Host}/{name}:1");
        Bench.Target.Requests[^1].ShouldBe($"PUT /v2/{name}/manifests/1");
    }

    [Fact]
    public async Task Run_MoreParallelThanOneHostAllows_StillEndsWithinOneRegistry()
    {
        Bench.Options = new MirrorOptions { MaxParallelImages = 8, MaxParallelBlobs = 7 };
        for (var i = 0; i < 8; i++)
        {
            await Bench.PushAsync($"many{i}", TestImage.Create(100 + i, layerBytes: [50_000, 60_000, 70_000]), "1");
        }

        var order = new MirrorOrder { Target = $"{Bench.Source.Host}/{Bench.Prefix}/copy", Images = [.. Enumerable.Range(0, 8).Select(i => Bench.Image($"many{i}", "1"))] };
        var report = await Bench.RunAsync(order);

        report.Images.ShouldAllBe(line => line.Action == MirrorAction.Copied);
    }

    private static int SignedAt(List<string> requests, TestBlob manifest) =>
        requests.FindIndex(request => request.EndsWith($"manifests/sha256-{manifest.Digest[7..]}.sig", StringComparison.Ordinal) && request.StartsWith("PUT", StringComparison.Ordinal));

    private string SignatureTag(TestBlob manifest) => Path($"alpine/manifests/sha256-{manifest.Digest[7..]}.sig");

    private Task<TestBlob> PushUnusualAsync(string name, string tag) => Unusual.PushAsync(Bench.Real.Source.Uri, $"{Bench.Prefix}/{name}", tag);
}
