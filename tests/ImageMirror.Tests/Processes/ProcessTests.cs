using System.Security.Cryptography;
using Ebb.ImageMirror.Tests.Mirroring;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Oci;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Processes;

/// <summary>The real executable against two real registries: whole runs, kills and memory.</summary>
public sealed class ProcessTests(RealRegistries real) : MirrorTest(real)
{
    private const int Kills = 6;

    [Fact]
    public async Task Run_ConfiguredList_EndsWithTheReportAndExitCodes()
    {
        await Bench.PushAsync("alpine", TestImage.Create(200), "3.21");
        WriteList("alpine", "3.21");

        using var good = Start("MirrorOnSchedule", null);
        (await good.WaitAsync()).ShouldBe(0, good.Error);
        using var goodRun = good.Run();
        WriteList("alpine", "3.21", "9.99");
        using var bad = Start("MirrorOnRequest", "{}");
        (await bad.WaitAsync()).ShouldBe(1, bad.Error);
        using var badRun = bad.Run();

        goodRun.RootElement.GetProperty("result").GetProperty("images")[0].GetProperty("action").GetString().ShouldBe("copied");
        var images = badRun.RootElement.GetProperty("result").GetProperty("images");
        images[0].GetProperty("action").GetString().ShouldBe("unchanged");
        images[1].GetProperty("fault").GetString().ShouldBe("notFound");
        images[1].GetProperty("remedy").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("{\"images\":[{\"name\":\"../../x\",\"tags\":[]}]}", "images[0].name: name '../../x'")]
    [InlineData("{}", "images.yaml: the images file does not exist")]
    public async Task Run_UnusableRequest_SaysEveryProblem(string input, string problem)
    {
        using var process = Start("MirrorOnRequest", input);

        (await process.WaitAsync()).ShouldBe(1, process.Error);

        using var run = process.Run();
        run.RootElement.GetRawText().ShouldContain(problem.Replace("\"", "\\\"", StringComparison.Ordinal), Case.Insensitive, process.Error);
    }

    [Fact]
    public async Task Run_KilledAtRandomMoments_EveryTagIsWholeAndSignedAndNothingTwice()
    {
        var images = new[] { TestImage.Create(210, sharedSeed: 3), TestImage.Create(211, sharedSeed: 3), TestImage.Create(212, sharedSeed: 3) };
        string[] names = ["a", "b", "c"];
        foreach (var (name, image) in names.Zip(images))
        {
            await Bench.PushAsync(name, image, "1");
        }

        WriteList(names);
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAfterAsync(RandomNumberGenerator.GetInt32(1, 80));
            await ShouldBeWholeAsync(names, images, allThere: false);
        }

        using var last = Start("MirrorOnSchedule", null);
        (await last.WaitAsync()).ShouldBe(0, last.Error);
        await ShouldBeWholeAsync(names, images, allThere: true);
        foreach (var (name, image) in names.Zip(images))
        {
            foreach (var manifest in image.Manifests.Append(image.Index))
            {
                await ShouldBeSignedOnceAsync(name, manifest);
            }
        }
    }

    [Fact]
    public async Task Run_BlobOf300MB_PassesThroughASmallHeap()
    {
        const int Size = 300_000_000;
        var digest = await LargeImage.PushAsync(Bench.Real.Source.Uri, $"{Bench.Prefix}/large", "1", Size);
        WriteList("large", "1");

        using var process = Start("MirrorOnSchedule", null, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x4000000" });

        (await process.WaitAsync()).ShouldBe(0, process.Error);
        using var run = process.Run();
        run.RootElement.GetProperty("result").GetProperty("totals").GetProperty("moved").GetProperty("bytes").GetInt64().ShouldBeGreaterThan(Size);
        (await Bench.TargetDigestAsync("large", "1")).ShouldBe(digest);
    }

    private async Task KillAfterAsync(int requests)
    {
        var left = requests;
        MirrorProcess? process = null;
        Bench.Target.Intercept = _ =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                process?.Kill();
            }

            return Task.FromResult(false);
        };
        using (process = Start("MirrorOnSchedule", null))
        {
            await process.WaitAsync();
        }

        Bench.Target.Intercept = static _ => Task.FromResult(false);
    }

    private async Task ShouldBeWholeAsync(string[] names, TestImage[] images, bool allThere)
    {
        foreach (var (name, image) in names.Zip(images))
        {
            var digest = await Bench.TargetDigestAsync(name, "1");
            if (digest is null && !allThere)
            {
                continue;
            }

            digest.ShouldBe(image.Index.Digest);
            foreach (var manifest in image.Manifests.Append(image.Index))
            {
                (await Bench.TargetClient.GetManifestAsync($"{Bench.Prefix}/{name}", manifest.Digest, Token)).ShouldNotBeNull();
                (await Bench.MissingSignaturesAsync(name, manifest.Digest)).ShouldBeEmpty();
            }

            foreach (var blob in image.Blobs)
            {
                (await Bench.TargetClient.BlobExistsAsync($"{Bench.Prefix}/{name}", Digest.Parse(blob.Digest), Token)).ShouldBeTrue();
            }
        }
    }

    private async Task ShouldBeSignedOnceAsync(string name, TestBlob manifest)
    {
        var repository = $"{Bench.Prefix}/{name}";
        var signatures = await Bench.TargetClient.GetManifestAsync(repository, $"sha256-{manifest.Digest[7..]}.sig", Token);
        signatures!.Layers.Count.ShouldBe(1);
        (await Bench.TargetClient.GetReferrersAsync(repository, Digest.Parse(manifest.Digest), Token)).Count.ShouldBe(1);
    }

    private MirrorProcess Start(string function, string? input, IReadOnlyDictionary<string, string>? environment = null) => MirrorProcess.Start(
        Bench.Folder,
        function,
        input,
        new Dictionary<string, string>
        {
            ["Storage"] = $"sqlite:{System.IO.Path.Combine(Bench.Folder, "storage")}/ebb.db",
            ["ImageMirror:ImagesFile"] = Bench.ListFile,
            ["ImageMirror:Target"] = Bench.TargetPlace,
            ["Signing:Key"] = Bench.KeyFile,
        },
        environment);

    private void WriteList(string name, params string[] tags) => WriteList([(name, tags)]);

    private void WriteList(string[] names) => WriteList([.. names.Select(name => (name, new[] { "1" }))]);

    private void WriteList((string Name, string[] Tags)[] images) => Bench.WriteList(
        images.Select(image => $"- {{ source: {Bench.Source.Host}/{Bench.Prefix}/{image.Name}, tags: [{string.Join(", ", image.Tags.Select(tag => $"\"{tag}\""))}] }}"));
}
