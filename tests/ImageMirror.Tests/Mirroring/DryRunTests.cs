using Ebb.Contracts;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class DryRunTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task DryRun_ShowsWhatTheRunThenDoes_AndWritesNothing()
    {
        await Bench.PushAsync("new", TestImage.Create(60, sharedSeed: 61), "1");
        await Bench.PushAsync("moved", TestImage.Create(62), "1");
        await Bench.PushAsync("same", TestImage.Create(63), "1");
        await Bench.RunAsync(Bench.Image("moved", "1"), Bench.Image("same", "1"));
        await Bench.PushAsync("moved", TestImage.Create(64, sharedSeed: 61), "1");
        await Bench.PushAsync("unsigned", TestImage.Create(65), "1");
        await Bench.RunAsync(Bench.NewEngine(signed: false), Bench.Image("unsigned", "1"));
        Bench.Target.Forget();
        // One at a time, so that both runs meet the shared layer in the same order.
        Bench.Options = Bench.Options with { MaxParallelImages = 1 };
        MirrorImage[] images = [Bench.Image("new", "1"), Bench.Image("moved", "1"), Bench.Image("same", "1"), Bench.Image("unsigned", "1"), Bench.Image("nothing", "1")];

        var would = await Bench.DryRunAsync(images);
        var writesOfDryRun = Bench.Target.Writes;
        var did = await Bench.RunAsync(images);

        writesOfDryRun.ShouldBeEmpty();
        would.DryRun.ShouldBeTrue();
        would.Images.Select(line => line.Action).ShouldBe(
            [MirrorAction.WouldCopy, MirrorAction.WouldUpdate, MirrorAction.Unchanged, MirrorAction.WouldSign, MirrorAction.Failed]);
        did.Images.Select(line => line.Action).ShouldBe(
            [MirrorAction.Copied, MirrorAction.Updated, MirrorAction.Unchanged, MirrorAction.SignatureAdded, MirrorAction.Failed]);
        would.Images.Select(line => line with { Action = default }).ShouldBe(did.Images.Select(line => line with { Action = default }));
        would.Totals.Mounted.Blobs.ShouldBe(1);
    }
}
