using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Oci;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class ConcurrencyTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_TimerAndRequestAtTheSameTime_DoEverythingOnce()
    {
        var image = TestImage.Create(300);
        await Bench.PushAsync("alpine", image, "1", "2");
        var engine = Bench.NewEngine();

        var reports = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Bench.RunAsync(engine, Bench.Image("alpine", "1", "2"))));

        reports.SelectMany(report => report.Images).ShouldAllBe(line => line.Action == MirrorAction.Copied || line.Action == MirrorAction.Unchanged);
        reports.Sum(report => report.Totals.Signatures).ShouldBe(6);
        await ShouldBeSignedAsync(image, times: 1);
    }

    [Fact]
    public async Task Run_TwoProcessesAtTheSameTime_EndWholeAndSigned()
    {
        // Separate engines share nothing, as processes do; the last writer of a tag writes the same image.
        var image = TestImage.Create(301);
        await Bench.PushAsync("alpine", image, "1");

        var reports = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Bench.RunAsync(Bench.NewEngine(), Bench.Image("alpine", "1"))));

        reports.SelectMany(report => report.Images).ShouldAllBe(line => line.Cause == null);
        (await Bench.TargetDigestAsync("alpine", "1")).ShouldBe(image.Index.Digest);
        await ShouldBeSignedAsync(image, times: null);
        (await Bench.RunAsync(Bench.Image("alpine", "1"))).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
    }

    [Fact]
    public async Task Run_Cancelled_EndsAtOnceAndTheNextGoesOn()
    {
        var image = TestImage.Create(302);
        await Bench.PushAsync("alpine", image, "1");
        using var cancel = new CancellationTokenSource();
        Bench.Target.Intercept = context =>
        {
            if (context.Request.Path.Value!.EndsWith(image.Index.Digest, StringComparison.Ordinal) && context.Request.Method == "PUT")
            {
                cancel.Cancel();
            }

            return Task.FromResult(false);
        };

        await Should.ThrowAsync<OperationCanceledException>(() =>
            Bench.NewEngine().RunAsync(new MirrorOrder { Target = Bench.TargetPlace, Images = [Bench.Image("alpine", "1")] }, static _ => { }, cancel.Token));

        (await Bench.TargetDigestAsync("alpine", "1")).ShouldBeNull();
        var report = await Bench.RunAsync(Bench.Image("alpine", "1"));
        report.Images.ShouldHaveSingleItem().Moved.Blobs.ShouldBe(0, "the blobs of the cancelled run are there");
    }

    private async Task ShouldBeSignedAsync(TestImage image, int? times)
    {
        foreach (var manifest in image.Manifests.Append(image.Index))
        {
            (await Bench.MissingSignaturesAsync("alpine", manifest.Digest)).ShouldBeEmpty();
            var signatures = await Bench.TargetClient.GetManifestAsync($"{Bench.Prefix}/alpine", $"sha256-{manifest.Digest[7..]}.sig", Token);
            if (times is { } expected)
            {
                signatures!.Layers.Count.ShouldBe(expected);
                (await Bench.TargetClient.GetReferrersAsync($"{Bench.Prefix}/alpine", Digest.Parse(manifest.Digest), Token)).Count.ShouldBe(expected);
            }
        }
    }
}
