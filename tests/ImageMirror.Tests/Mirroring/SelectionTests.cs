using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class SelectionTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_Semver_TakesTheNewest()
    {
        await Bench.PushAsync("postgresql", TestImage.Create(50), "14.9", "15", "15.10", "16.4", "16.4-bookworm", "17.0", "17.2", "18", "latest", $"sha256-{new string('a', 64)}.sig");

        var report = await Bench.RunAsync(Bench.Image("postgresql") with { Tags = null, Semver = ">=15 <18", Newest = 3 });

        report.Images.Select(line => line.Tag).ShouldBe(["17.2", "17.0", "16.4"]);
        report.Images.ShouldAllBe(line => line.Action == MirrorAction.Copied);
    }

    [Fact]
    public async Task Run_Regex_TakesTheNewestOfWholeMatches()
    {
        await Bench.PushAsync("golang", TestImage.Create(51), "1.22.9-alpine", "1.22.10-alpine", "1.23.1-alpine", "1.22.11", "x1.22.12-alpine");

        var report = await Bench.RunAsync(Bench.Image("golang") with { Tags = null, Regex = @"1\.\d+\.\d+-alpine", Newest = 2 });

        report.Images.Select(line => line.Tag).ShouldBe(["1.23.1-alpine", "1.22.10-alpine"]);
    }

    [Fact]
    public async Task Run_NothingMatches_IsALineOfItsOwn()
    {
        await Bench.PushAsync("app", TestImage.Create(52), "1");

        var report = await Bench.RunAsync(Bench.Image("app") with { Tags = null, Semver = ">9" }, Bench.Image("app", "1"));

        report.Images[0].Cause.ShouldBe($"none of the 1 tags of {Bench.Source.Host}/{Bench.Prefix}/app matches >9");
        report.Images[1].Action.ShouldBe(MirrorAction.Copied);
    }

    [Fact]
    public async Task Run_TwoEntriesMeetInOneTag_TheSecondFails()
    {
        await Bench.PushAsync("a", TestImage.Create(53), "1");
        await Bench.PushAsync("b", TestImage.Create(54), "1");

        var report = await Bench.RunAsync(Bench.Image("a", "1"), Bench.Image("b") with { Name = "a", Tags = null, Semver = "*" });

        report.Images.Select(line => line.Action).ShouldBe([MirrorAction.Copied, MirrorAction.Failed]);
        report.Images[1].Fault.ShouldBe("conflict");
    }

    [Fact]
    public async Task Run_ApprovedDigest_MirrorsThatAndReportsDrift()
    {
        var approved = TestImage.Create(55);
        await Bench.PushAsync("golang", approved, "1.22-alpine");
        var entry = Bench.Image("golang", "1.22-alpine");
        entry = entry with { Source = $"{entry.Source}@{approved.Index.Digest}" };

        var first = await Bench.RunAsync(entry);
        var newer = TestImage.Create(56);
        await Bench.PushAsync("golang", newer, "1.22-alpine");
        var second = await Bench.RunAsync(entry);

        first.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Copied);
        var line = second.Images.ShouldHaveSingleItem();
        line.Action.ShouldBe(MirrorAction.Drift);
        line.SourceDigest.ShouldBe(newer.Index.Digest);
        line.TargetDigest.ShouldBe(approved.Index.Digest);
        line.Cause.ShouldBe($"{Bench.Source.Host}/{Bench.Prefix}/golang:1.22-alpine is now {newer.Index.Digest}; approved is {approved.Index.Digest}");
        (await Bench.TargetDigestAsync("golang", "1.22-alpine")).ShouldBe(approved.Index.Digest);
        Bench.Source.Requests.ShouldNotContain(request => request.EndsWith(newer.Index.Digest, StringComparison.Ordinal), "its content is never read");
    }

    [Fact]
    public async Task Run_ApprovedDigestThatDriftedBeforeTheFirstRun_IsMirroredByDigest()
    {
        var approved = TestImage.Create(57);
        await Bench.PushAsync("golang", approved, "1.22-alpine");
        await Bench.PushAsync("golang", TestImage.Create(58), "1.22-alpine");
        var entry = Bench.Image("golang", "1.22-alpine");

        var report = await Bench.RunAsync(entry with { Source = $"{entry.Source}@{approved.Index.Digest}" });

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Drift);
        (await Bench.TargetDigestAsync("golang", "1.22-alpine")).ShouldBe(approved.Index.Digest);
    }
}
