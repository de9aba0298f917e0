using Ebb.Contracts;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class SteadyStateTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_NothingChanged_OneHeadAtTheSourceAndNoWrite()
    {
        var image = TestImage.Create(30);
        await Bench.PushAsync("alpine", image, "3.21");

        await ShouldSettleAsync(
            Bench.Image("alpine", "3.21"),
            [
                $"HEAD {Path("alpine/manifests/3.21")}",
                $"GET {Path($"alpine/manifests/sha256-{image.Index.Digest[7..]}.sig")}",
            ]);
    }

    [Fact]
    public async Task Run_BundlesVerifiedInEveryRun_LooksForThem()
    {
        var images = new[] { TestImage.Create(35), TestImage.Create(36) };
        await Bench.PushAsync("a", images[0], "1");
        await Bench.PushAsync("b", images[1], "1");
        Bench.Options = new() { VerifyBundlesEvery = TimeSpan.Zero, MaxParallelImages = 1 };
        await Bench.RunAsync(Bench.Image("a", "1"), Bench.Image("b", "1"));
        Forget();

        await Bench.RunAsync(Bench.Image("a", "1"), Bench.Image("b", "1"));

        // The first question tells that this registry has no referrers API.
        Bench.Target.Requests.Where(request => request.Contains("/referrers/", StringComparison.Ordinal)).ShouldBe([$"GET {Path($"a/referrers/{images[0].Index.Digest}")}"]);
        Bench.Target.Requests.ShouldContain($"GET {Path($"a/manifests/sha256-{images[0].Index.Digest[7..]}")}");
        Bench.Target.Requests.ShouldContain($"GET {Path($"b/manifests/sha256-{images[1].Index.Digest[7..]}")}");
        Bench.Target.Requests.Count.ShouldBe(7);
        (await Bench.Storage.AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_NothingChangedWithPlatforms_OneGetAtTheTargetInsteadOfHead()
    {
        await Bench.PushAsync("alpine", TestImage.Create(31, ["amd64", "arm64", "s390x"]), "3.21");

        await ShouldSettleAsync(Bench.Image("alpine", "3.21") with { Platforms = ["linux/amd64"] }, expected: null);

        Bench.Target.Requests.Count.ShouldBe(2);
        Bench.Target.Requests.ShouldContain($"GET {Path("alpine/manifests/3.21")}");
    }

    [Fact]
    public async Task Run_NothingChangedUnsigned_OneHeadOnEachSide()
    {
        await Bench.PushAsync("alpine", TestImage.Create(32), "3.21");
        var engine = Bench.NewEngine(signed: false);
        await Bench.RunAsync(engine, Bench.Image("alpine", "3.21"));
        Forget();

        var report = await Bench.RunAsync(engine, Bench.Image("alpine", "3.21"));

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
        Bench.Source.Requests.ShouldBe([$"HEAD {Path("alpine/manifests/3.21")}"]);
        Bench.Target.Requests.ShouldBe([$"HEAD {Path("alpine/manifests/3.21")}"]);
    }

    [Fact]
    public async Task Run_SignaturesLost_AreWrittenWithoutReadingTheSource()
    {
        var image = TestImage.Create(33);
        await Bench.PushAsync("alpine", image, "3.21");
        await Bench.RunAsync(Bench.NewEngine(signed: false), Bench.Image("alpine", "3.21"));
        Forget();

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21"));

        var line = report.Images.ShouldHaveSingleItem();
        line.Action.ShouldBe(MirrorAction.SignatureAdded);
        line.Signatures.ShouldBe(6);
        Bench.Source.Requests.ShouldBe([$"HEAD {Path("alpine/manifests/3.21")}"]);
        Bench.Target.Writes.ShouldNotContain($"PUT {Path("alpine/manifests/3.21")}");
    }

    [Fact]
    public async Task Run_NewKey_AppendsItsSignatures()
    {
        var image = TestImage.Create(34);
        await Bench.PushAsync("alpine", image, "3.21");
        await Bench.RunAsync(Bench.Image("alpine", "3.21"));
        var oldKey = Bench.KeyFile;
        Bench.KeyFile = Bench.GenerateKey("new");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21"));

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.SignatureAdded);
        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
        Bench.KeyFile = oldKey;
        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
        (await Bench.MissingSignaturesAsync("alpine", image.Manifests[0].Digest)).ShouldBeEmpty();
    }

    private async Task ShouldSettleAsync(MirrorImage image, string[]? expected)
    {
        (await Bench.RunAsync(image)).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Copied);
        Forget();

        var report = await Bench.RunAsync(image);

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);
        Bench.Source.Requests.ShouldBe([$"HEAD {Path("alpine/manifests/3.21")}"]);
        Bench.Target.Writes.ShouldBeEmpty();
        if (expected is not null)
        {
            Bench.Target.Requests.ShouldBe(expected, ignoreOrder: true);
        }
    }

    private void Forget()
    {
        Bench.Source.Forget();
        Bench.Target.Forget();
    }
}
