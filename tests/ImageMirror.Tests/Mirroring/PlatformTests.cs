using System.Text;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Oci;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class PlatformTests(RealRegistries real) : MirrorTest(real)
{
    private static readonly string[] Three = ["amd64", "arm64", "s390x"];

    [Fact]
    public async Task Run_Platforms_BuildsAnIndexOfTheOriginalDescriptors()
    {
        var image = TestImage.Create(40, Three);
        await Bench.PushAsync("alpine", image, "3.21");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21") with { Platforms = ["linux/amd64", "linux/s390x"] });

        var line = report.Images.ShouldHaveSingleItem();
        line.Cause.ShouldBeNull();
        line.SourceDigest.ShouldBe(image.Index.Digest);
        line.TargetDigest.ShouldNotBe(image.Index.Digest);
        line.Manifests.ShouldBe(3);
        var index = await Bench.TargetClient.GetManifestAsync($"{Bench.Prefix}/alpine", "3.21", Token);
        index!.Manifests.Select(child => child.Digest.ToString()).ShouldBe([image.Manifests[0].Digest, image.Manifests[2].Digest]);
        index.Annotations["org.opencontainers.image.base.digest"].ShouldBe(image.Index.Digest);
        var text = Encoding.UTF8.GetString(index.Content.Span);
        text.ShouldContain($$"""{{{image.Manifests[2].DescriptorMembers}},"platform":{"os":"linux","architecture":"s390x"} }""", Case.Sensitive, "the original's own text");
        Bench.Source.Requests.ShouldNotContain(request => request.EndsWith(image.Manifests[1].Digest, StringComparison.Ordinal));
        (await Bench.MissingSignaturesAsync("alpine", line.TargetDigest!)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("linux/arm64/v8", "arm64", null, true)]
    [InlineData("linux/arm64", "arm64", "v8", true)]
    [InlineData("linux/arm64/v8", "aarch64", null, true)]
    [InlineData("linux/arm64/8", "arm64", "v8", true)]
    [InlineData("linux/arm64/v8", "arm64", "v9", false)]
    [InlineData("linux/arm/v7", "arm", null, true)]
    [InlineData("linux/arm/v7", "armhf", null, true)]
    [InlineData("linux/arm", "arm", "v7", true)]
    [InlineData("linux/arm/v6", "arm", null, false)]
    [InlineData("linux/amd64", "x86_64", null, true)]
    [InlineData("linux/amd64/v1", "amd64", null, true)]
    [InlineData("linux/amd64/v3", "amd64", null, false)]
    public void Keeps_PlatformsAsBuildersWriteThem_AreCompared(string wanted, string architecture, string? variant, bool isKept) =>
        new PlatformFilter([wanted]).Keeps(new Platform("linux", architecture, variant)).ShouldBe(isKept);

    [Fact]
    public async Task Run_PlatformsChanged_RebuildsTheIndex()
    {
        await Bench.PushAsync("alpine", TestImage.Create(41, Three), "3.21");
        var one = Bench.Image("alpine", "3.21") with { Platforms = ["linux/amd64"] };
        var first = await Bench.RunAsync(one);

        var second = await Bench.RunAsync(one with { Platforms = ["linux/amd64", "linux/arm64"] });
        var back = await Bench.RunAsync(one);

        second.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Updated);
        back.Images.ShouldHaveSingleItem().TargetDigest.ShouldBe(first.Images[0].TargetDigest, "the same input gives the same bytes");
        back.Totals.Signatures.ShouldBe(0, "what is signed is not signed again");
    }

    [Fact]
    public async Task Run_AllPlatformsWanted_KeepsTheDigest()
    {
        var image = TestImage.Create(42);
        await Bench.PushAsync("alpine", image, "3.21");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21") with { Platforms = ["linux/amd64", "linux/arm64"] });

        report.Images.ShouldHaveSingleItem().TargetDigest.ShouldBe(image.Index.Digest);
    }

    [Fact]
    public async Task Run_PlatformNotOffered_SaysWhatIsOffered()
    {
        await Bench.PushAsync("alpine", TestImage.Create(43), "3.21");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21") with { Platforms = ["linux/amd64", "windows/amd64"] });

        var line = report.Images.ShouldHaveSingleItem();
        line.Fault.ShouldBe("platformMissing");
        line.Cause.ShouldBe("the image is not offered for windows/amd64, only for linux/amd64, linux/arm64");
        Bench.Target.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_SingleManifestWithPlatforms_ChecksItsConfiguration()
    {
        var manifest = await Unusual.PushSingleAsync(Bench.Real.Source.Uri, $"{Bench.Prefix}/single", "1", "arm64");

        var wrong = await Bench.RunAsync(Bench.Image("single", "1") with { Platforms = ["linux/amd64"] });
        var right = await Bench.RunAsync(Bench.Image("single", "1") with { Platforms = ["linux/arm64"] });
        var again = await Bench.RunAsync(Bench.Image("single", "1") with { Platforms = ["linux/arm64"] });
        var changed = await Bench.RunAsync(Bench.Image("single", "1") with { Platforms = ["linux/amd64"] });

        wrong.Images.ShouldHaveSingleItem().Fault.ShouldBe("platformMissing");
        right.Images.ShouldHaveSingleItem().TargetDigest.ShouldBe(manifest.Digest);
        again.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
        changed.Images.ShouldHaveSingleItem().Fault.ShouldBe("platformMissing");
    }

    [Fact]
    public async Task Run_DockerListWithPlatforms_StaysADockerList()
    {
        await Unusual.PushDockerListAsync(Bench.Real.Source.Uri, $"{Bench.Prefix}/old", "1");

        var report = await Bench.RunAsync(Bench.Image("old", "1") with { Platforms = ["linux/arm64"] });
        var again = await Bench.RunAsync(Bench.Image("old", "1") with { Platforms = ["linux/arm64"] });

        report.Images.ShouldHaveSingleItem().Cause.ShouldBeNull();
        again.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
        var list = await Bench.TargetClient.GetManifestAsync($"{Bench.Prefix}/old", "1", Token);
        list!.Descriptor.MediaType.ShouldBe(MediaTypes.DockerManifestList);
        list.Manifests.ShouldHaveSingleItem().Platform!.ToString().ShouldBe("linux/arm64");
    }
}
