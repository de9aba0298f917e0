using System.Diagnostics;
using Ebb.ImageMirror.Tests.Mirroring;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Processes;

/// <summary>
/// What was mirrored, judged by the real cosign (<c>EBB_COSIGN</c> or on the PATH).
/// </summary>
public sealed class CosignTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_MirroredImages_CosignVerifiesIndexAndChildren()
    {
        var cosign = Peer.Program("cosign", "EBB_COSIGN");
        var image = TestImage.Create(400, ["amd64", "arm64", "s390x"]);
        await Bench.PushAsync("alpine", image, "3.21");

        var report = await Bench.RunAsync(Bench.Image("alpine", "3.21"), Bench.Image("alpine", "3.21") with { Name = "small", Platforms = ["linux/arm64"] });

        report.Images.ShouldAllBe(line => line.Cause == null);
        foreach (var manifest in image.Manifests.Append(image.Index))
        {
            await ShouldVerifyAsync(cosign, $"{Bench.TargetPlace}/alpine@{manifest.Digest}");
        }

        await ShouldVerifyAsync(cosign, $"{Bench.TargetPlace}/alpine:3.21");
        await ShouldVerifyAsync(cosign, $"{Bench.TargetPlace}/small:3.21");
        await ShouldVerifyAsync(cosign, $"{Bench.TargetPlace}/small@{image.Manifests[1].Digest}");
    }

    private async Task ShouldVerifyAsync(string cosign, string image)
    {
        string[] arguments = ["verify", "--key", System.IO.Path.ChangeExtension(Bench.KeyFile, ".pub"), "--insecure-ignore-tlog=true", "--allow-http-registry", image];
        var start = new ProcessStartInfo(cosign, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HOME"] = Bench.Folder;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, $"{image}: {await output}{error}");
    }
}
