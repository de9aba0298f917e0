using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Signing.Keys;
using Ebb.Storage;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

/// <summary>What the mirror keeps from run to run, and that it needs none of it.</summary>
public sealed class MemoryTests(RealRegistries real) : MirrorTest(real)
{
    [Fact]
    public async Task Run_NothingChanged_WritesNoDocument()
    {
        await Bench.PushAsync("alpine", TestImage.Create(60), "1", "2");
        await Bench.RunAsync(Bench.Image("alpine", "1", "2"));
        var before = await Bench.Storage.AllAsync();
        before.Count.ShouldBe(2);

        await Bench.RunAsync(Bench.Image("alpine", "1", "2"));
        await Bench.RunAsync(Bench.Image("alpine", "1", "2") with { Referrers = true });

        (await Bench.Storage.AllAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Run_TagMoved_KeepsOneDocument()
    {
        await Bench.PushAsync("alpine", TestImage.Create(61), "1");
        await Bench.RunAsync(Bench.Image("alpine", "1"));
        var moved = TestImage.Create(62);
        await Bench.PushAsync("alpine", moved, "1");

        await Bench.RunAsync(Bench.Image("alpine", "1"));

        (await Bench.Storage.AllAsync()).ShouldHaveSingleItem().Value.ShouldContain(moved.Index.Digest);
    }

    [Fact]
    public async Task Run_TagNotMirroredForLong_ForgetsIt()
    {
        await Bench.PushAsync("alpine", TestImage.Create(63), "1", "2");
        Bench.Options = new() { VerifyBundlesEvery = TimeSpan.FromTicks(1) };
        await Bench.RunAsync(Bench.Image("alpine", "1", "2"));

        await Bench.RunAsync(Bench.Image("alpine", "2"));

        (await Bench.Storage.AllAsync()).ShouldHaveSingleItem().Key.ShouldEndWith("/alpine:2");
    }

    [Fact]
    public async Task Run_BundleLostAndVerifiedLongAgo_IsWrittenAgain()
    {
        var image = TestImage.Create(64);
        await Bench.PushAsync("alpine", image, "1");
        Bench.Options = new() { VerifyBundlesEvery = TimeSpan.FromTicks(1) };
        await Bench.RunAsync(Bench.Image("alpine", "1"));
        using var http = new HttpClient { BaseAddress = Bench.Real.Target.Uri };
        var list = await Bench.TargetClient.HeadManifestAsync($"{Bench.Prefix}/alpine", $"sha256-{image.Index.Digest[7..]}", Token);
        using var deleted = await http.DeleteAsync($"/v2/{Bench.Prefix}/alpine/manifests/{list!.Digest}", Token);
        deleted.EnsureSuccessStatusCode();

        var report = await Bench.RunAsync(Bench.Image("alpine", "1"));

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.SignatureAdded);
        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_StorageFails_MirrorsAllTheSame()
    {
        var image = TestImage.Create(65);
        await Bench.PushAsync("alpine", image, "1");
        Bench.Documents = new FailingDocuments();

        (await Bench.RunAsync(Bench.Image("alpine", "1"))).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Copied);
        (await Bench.RunAsync(Bench.Image("alpine", "1"))).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Unchanged);

        (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_EncryptedKeyKnown_IsDecryptedOnlyToSign()
    {
        await Bench.PushAsync("alpine", TestImage.Create(66), "1");
        await Bench.PushAsync("alpine", TestImage.Create(67), "2");
        var prefix = System.IO.Path.Combine(Bench.Folder, "encrypted");
        SigningKeyPair.Generate("right"u8).Write(prefix);
        (Bench.KeyFile, Bench.KeyPassword) = (prefix + ".key", "right");
        (await Bench.RunAsync(Bench.Image("alpine", "1"))).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Copied);

        // Whoever does not decrypt does not notice a wrong password.
        Bench.KeyPassword = "wrong";
        var report = await Bench.RunAsync(Bench.Image("alpine", "1"), Bench.Image("alpine", "2"));

        report.Images[0].Action.ShouldBe(MirrorAction.Unchanged);
        report.Images[1].Fault.ShouldBe("signing");
        report.Images[1].Cause!.ShouldContain("The password does not open the key");
    }

    private sealed class FailingDocuments : IDocumentStore
    {
        public ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken) => throw new HostStorageException("out of order");

        public ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken) => throw new HostStorageException("out of order");

        public ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, Fence? fence, CancellationToken cancellationToken) => throw new HostStorageException("out of order");

        public ValueTask<bool> DeleteAsync(string key, long? expectedVersion, Fence? fence, CancellationToken cancellationToken) => throw new HostStorageException("out of order");

        public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => throw new HostStorageException("out of order");
    }
}
