using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Oci;
using Ebb.Signing;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class ReferrerTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_Referrers_CopiesUpstreamsSignaturesBesideOurs()
    {
        var image = TestImage.Create(70);
        await Bench.PushAsync("alpine", image, "3.21");
        var upstream = await SignUpstreamAsync(image);
        var entry = Bench.Image("alpine", "3.21") with { Referrers = true };

        var first = await Bench.RunAsync(entry);
        Bench.Target.Forget();
        var second = await Bench.RunAsync(entry);

        first.Images.ShouldHaveSingleItem().Cause.ShouldBeNull();
        first.Images[0].Referrers.ShouldBe(2, "a .sig tag and a bundle");
        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
        await ShouldHaveUpstreamsAsync(image, upstream);
        second.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
        Bench.Target.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_UpstreamsBundleWouldHideOurSignature_SignsInBoth()
    {
        var image = TestImage.Create(73);
        await Bench.PushAsync("alpine", image, "3.21");
        await SignUpstreamAsync(image);
        Bench.Formats = [SignatureFormat.Cosign];

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21") with { Referrers = true });

        report.Images.ShouldHaveSingleItem().Cause.ShouldBeNull();
        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_UpstreamSignsLater_JoinsItsSignaturesWithOurs()
    {
        var image = TestImage.Create(71);
        await Bench.PushAsync("alpine", image, "3.21");
        var entry = Bench.Image("alpine", "3.21") with { Referrers = true };
        await Bench.RunAsync(entry);
        var upstream = await SignUpstreamAsync(image);

        var report = await Bench.RunAsync(entry);

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Updated);
        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
        await ShouldHaveUpstreamsAsync(image, upstream);
        (await Bench.RunAsync(entry)).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
    }

    [Fact]
    public async Task Run_ReferrersNotAskedFor_LeavesThem()
    {
        var image = TestImage.Create(72);
        await Bench.PushAsync("alpine", image, "3.21");
        await SignUpstreamAsync(image);

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21"));

        report.Images.ShouldHaveSingleItem().Referrers.ShouldBe(0);
        Bench.Source.Requests.ShouldNotContain(request => request.Contains("sha256-", StringComparison.Ordinal));
    }

    private async Task<string> SignUpstreamAsync(TestImage image)
    {
        var key = Bench.GenerateKey("upstream");
        await SignerWith(key).SignAsync(Bench.Real.Source.Host, $"{Bench.Prefix}/alpine", DescriptorOf(image), Token);
        return key;
    }

    private async Task ShouldHaveUpstreamsAsync(TestImage image, string key)
    {
        // The bundle names no registry; the .sig's payload names the source, and its layer must be there.
        (await SignerWith(key, SignatureFormat.Bundle).FindMissingAsync(Bench.Real.Target.Host, $"{Bench.Prefix}/alpine", DescriptorOf(image), Token)).ShouldBeEmpty();
        var tag = $"sha256-{image.Index.Digest[7..]}.sig";
        var there = await Bench.TargetClient.GetManifestAsync($"{Bench.Prefix}/alpine", tag, Token);
        var upstream = await Bench.NewClients().For(Bench.Real.Source.Host).GetManifestAsync($"{Bench.Prefix}/alpine", tag, Token);
        there!.Layers.Count.ShouldBe(2);
        there.Layers.Select(layer => layer.Digest).ShouldContain(upstream!.Layers[0].Digest);
    }

    private ImageSigner SignerWith(string key, params SignatureFormat[] formats) => new(
        Bench.NewClients(),
        Signers.Create(new SigningOptions { Key = key, Password = "" }, () => throw new InvalidOperationException(), TimeProvider.System),
        formats.Length == 0 ? [SignatureFormat.Cosign, SignatureFormat.Bundle] : formats,
        TimeProvider.System);

    private static Descriptor DescriptorOf(TestImage image) =>
        new() { MediaType = image.Index.MediaType, Digest = Digest.Parse(image.Index.Digest), Size = image.Index.Content.Length };
}
