using System.CommandLine;
using Ebb.ImageMirror.Commands;
using Ebb.ImageMirror.Tests.Mirroring;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Signing;
using Ebb.TestServers.Registry;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Tests.Commands;

/// <summary><c>signing kyverno-policy --target</c> against a real registry.</summary>
public sealed class TargetAdmissionTests(RealRegistries real) : MirrorTest(real)
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("1.18", SignatureFormat.Cosign, true)]
    [InlineData("1.18", SignatureFormat.Bundle, false)]
    [InlineData("1.19", SignatureFormat.Cosign, true)]
    [InlineData("1.19", SignatureFormat.Bundle, true)]
    public async Task Policy_WhatLiesInTheTarget_IsComparedWithWhatItReads(string version, SignatureFormat format, bool isAdmitted)
    {
        await Bench.PushAsync("alpine", TestImage.Create(90), "3.21");
        Bench.Formats = [format];
        await Bench.RunAsync(Bench.Image("alpine", "3.21"));

        (await InvokeAsync(version)).ShouldBe(isAdmitted ? 0 : 1, _error.ToString());

        _output.ToString().ShouldContain("kind:");
        if (!isAdmitted)
        {
            _error.ToString().ShouldContain($"{Bench.TargetPlace}/alpine:3.21 has no signature by our key in its .sig tag");
            _error.ToString().ShouldContain("Mirror what the list still names again");
        }
    }

    [Fact]
    public async Task Policy_SomebodyElsesBundleHidesOurs_IsNamed()
    {
        var image = TestImage.Create(91);
        await Bench.PushAsync("alpine", image, "3.21");
        Bench.Formats = [SignatureFormat.Cosign];
        await Bench.RunAsync(Bench.Image("alpine", "3.21"));
        await SignByAnotherAsync(image);

        (await InvokeAsync("1.19")).ShouldBe(1);

        _error.ToString().ShouldContain("alpine:3.21 has bundles, and none by our key, which hides a .sig tag");
        (await InvokeAsync("1.18")).ShouldBe(0, _error.ToString());
    }

    [Fact]
    public async Task Policy_SignedByAnother_IsNamed()
    {
        await Bench.PushAsync("alpine", TestImage.Create(92), "3.20", "3.21");
        await Bench.RunAsync(Bench.Image("alpine", "3.20", "3.21"));
        Bench.GenerateKey("cosign");

        (await InvokeAsync("1.18")).ShouldBe(1);

        _error.ToString().ShouldContain("alpine:3.20 has no signature");
        _error.ToString().ShouldContain("alpine:3.21 has no signature");
        _error.ToString().ShouldNotContain("sha256-");
    }

    [Fact]
    public async Task Policy_NothingThereYet_IsPrinted() => (await InvokeAsync("1.18")).ShouldBe(0, _error.ToString());

    [Fact]
    public async Task Policy_TargetAnswersNot_SaysThatItWasNotLookedAt()
    {
        (await InvokeAsync("1.18", "127.0.0.1:1/library/alpine")).ShouldBe(1);

        _output.ToString().ShouldContain("kind: ClusterPolicy");
        _error.ToString().ShouldContain("127.0.0.1:1/library/alpine could not be looked at: ");
    }

    private async Task SignByAnotherAsync(TestImage image)
    {
        var key = Signers.Create(new SigningOptions { Key = Bench.GenerateKey("another"), Password = "" }, () => throw new InvalidOperationException(), TimeProvider.System);
        await new ImageSigner(Bench.NewClients(), key, [SignatureFormat.Bundle], TimeProvider.System).SignAsync(
            Bench.Real.Target.Host, $"{Bench.Prefix}/alpine", (await Bench.TargetClient.HeadManifestAsync($"{Bench.Prefix}/alpine", image.Index.Digest, Token))!, Token);
    }

    private Task<int> InvokeAsync(string version, string? image = null)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var command = new SigningCommand(new ConfigurationBuilder().Build(), () => [image ?? $"{Bench.TargetPlace}/alpine"]);
        return new RootCommand { command }
            .Parse(["signing", "kyverno-policy", "--kyverno", version, "--key", System.IO.Path.Combine(Bench.Folder, "cosign.pub"), "--target"])
            .InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error }, Token);
    }
}
