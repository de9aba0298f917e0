using Ebb.ImageMirror.Adhoc;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Mirroring;
using Ebb.ImageMirror.Tests.Processes;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Signing;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Adhoc;

/// <summary>What images outside the list get, and what they do not.</summary>
public sealed class AdhocRunTests(RealRegistries real) : MirrorTest(real)
{
    private readonly TestImage _image = TestImage.Create(420);

    private MirrorOrder Order => new() { Target = Bench.TargetPlace, Images = [Bench.Image("tool", "1") with { Name = "adhoc/tool" }], Adhoc = new AdhocOptions() };

    [Fact]
    public async Task Run_WithoutAKeyOfTheirOwn_AreUnsigned()
    {
        await Bench.PushAsync("tool", _image, "1");

        var line = (await Bench.RunAsync(Order)).Images.ShouldHaveSingleItem();

        (line.Action, line.Signatures).ShouldBe((MirrorAction.Copied, 0));
        line.Signing.ShouldBe("unsigned: outside the list, and Signing:AdhocKey is not set");
        (await Bench.MissingSignaturesAsync("adhoc/tool", _image.Index.Digest)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Run_WithAKeyOfTheirOwn_AreSignedByItAlone()
    {
        await Bench.PushAsync("tool", _image, "1");
        Bench.AdhocKeyFile = Bench.GenerateKey("adhoc");

        await Bench.RunAsync(Order);

        (await Bench.MissingSignaturesAsync("adhoc/tool", _image.Index.Digest, Bench.AdhocKeyFile)).ShouldBeEmpty();
        (await Bench.MissingSignaturesAsync("adhoc/tool", _image.Index.Digest)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Run_ThePlatformsKeyInAnotherFile_IsRefusedAndNothingIsWritten()
    {
        await Bench.PushAsync("tool", _image, "1");
        Bench.AdhocKeyFile = System.IO.Path.Combine(Bench.Folder, "copy.pem");
        File.WriteAllText(Bench.AdhocKeyFile, $"\n{File.ReadAllText(Bench.KeyFile)}\n");

        var refused = await Should.ThrowAsync<SigningException>(() => Bench.RunAsync(Order));

        refused.Message.ShouldStartWith("Signing:AdhocKey and Signing:Key are the same key");
        Bench.Target.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "unauthorized")]
    [InlineData("false", "unauthorized")]
    [InlineData("true", null)]
    public async Task Request_OfAPrivateRepository_UsesTheMirrorsCredentialsOnlyWhereTheRuleSaysSo(string? credentials, string? fault)
    {
        // A host with a name, which is this machine only for a client that goes through the proxy.
        await using var source = await FaultyRegistry.StartAsync(new RegistryBehaviour { Login = "basic", Username = "mirror", Password = "only-for-this-test" });
        source.Add("team/tool", _image, "1");
        Bench.WriteList("- { source: quay.example.com/team/tool, tags: [\"9\"] }");
        var settings = new Dictionary<string, string>
        {
            ["Storage"] = $"sqlite:{System.IO.Path.Combine(Bench.Folder, "storage")}/ebb.db",
            ["ImageMirror:ImagesFile"] = Bench.ListFile,
            ["ImageMirror:Target"] = Bench.TargetPlace,
            ["ImageMirror:Adhoc:Sources:0:Pattern"] = "quay.example.com/team/*",
            ["Registries:0:Host"] = "quay.example.com",
            ["Registries:0:PlainHttp"] = "true",
            ["Registries:0:Username"] = "mirror",
            ["Registries:0:Password"] = "only-for-this-test",
        };
        if (credentials is not null)
        {
            settings["ImageMirror:Adhoc:Sources:0:Credentials"] = credentials;
        }

        using var process = MirrorProcess.Start(
            Bench.Folder, "MirrorOnRequest", """{"adhoc":[{"source":"quay.example.com/team/tool","tags":["1"]}]}""", settings,
            new Dictionary<string, string> { ["http_proxy"] = source.Uri.ToString(), ["no_proxy"] = "127.0.0.1,localhost" });

        (await process.WaitAsync()).ShouldBe(fault is null ? 0 : 1, process.Error);
        using var run = process.Run();
        var line = run.RootElement.GetProperty("result").GetProperty("images")[0];
        (line.TryGetProperty("fault", out var named) ? named.GetString() : null).ShouldBe(fault);
        source.Requests.ShouldNotBeEmpty();
        source.Requests.Any(request => request.Authorization is not null).ShouldBe(credentials == "true");
        (await Bench.TargetDigestAsync("adhoc/quay.example.com/team/tool", "1")).ShouldBe(fault is null ? _image.Index.Digest : null);
    }
}
