using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

public sealed class UploadFaultTests : IDisposable
{
    private static readonly TestBlob Blob = TestImage.Layer(40, 3_000_000);
    private readonly RegistryClients _clients = new(Quick with { StallTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System);

    public void Dispose() => _clients.Dispose();

    [Theory]
    [InlineData(true, "POST PUT HEAD GET PATCH PUT")]
    [InlineData(false, "POST PUT HEAD GET DELETE POST PUT")]
    public async Task LinkDropped_GoesOnWhereTheRegistryIs(bool keepsPartial, string requests)
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { KeepsPartialUploads = keepsPartial });
        registry.With(Fault.Bend("PUT", "/uploads/", new BodyFault { CutRequestAfter = 1_000_000 }, times: 1));

        await UploadAsync(registry);

        string.Join(' ', registry.Requests.Select(r => r.Method)).ShouldBe(requests);
        ShouldHold(registry);
    }

    [Fact]
    public async Task Silence_CountsAsDroppedLink()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        // More than the sockets between us hold, so that the silence is felt while sending.
        var big = TestImage.Layer(41, 30_000_000);
        registry.With(Fault.Bend("PUT", "/uploads/", new BodyFault { StallRequestAfter = 1_000_000 }, times: 1));

        await UploadAsync(registry, big);

        registry.State.Blobs.ShouldContainKey(("team/app", big.Digest));
        registry.State.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task DroppedAfterCommit_NotSentAgain()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Instead("PUT", "/uploads/", async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            registry.State.Blobs[("team/app", Blob.Digest)] = Blob.Content;
            registry.State.Uploads.Clear();
            context.Abort();
        }));

        await UploadAsync(registry);

        registry.Requests.Select(r => r.Method).ShouldBe(["POST", "PUT", "HEAD"]);
    }

    [Theory]
    [InlineData(404, "BLOB_UPLOAD_UNKNOWN")]
    [InlineData(416, "RANGE_INVALID")]
    [InlineData(429, "TOOMANYREQUESTS")]
    [InlineData(500, "UNKNOWN")]
    public async Task Refused_OnceByPassingFault_Repeated(int status, string code)
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Status("PUT", "/uploads/", status, 1, code));

        await UploadAsync(registry);

        ShouldHold(registry);
    }

    [Fact]
    public async Task DockerRegistrysAnswerToResume_416_StartsAnew()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Bend("PUT", "/uploads/", new BodyFault { CutRequestAfter = 1_000_000 }, times: 1));
        registry.With(Fault.Status("GET", "/uploads/", 416, 1, "RANGE_INVALID"));

        await UploadAsync(registry);

        registry.State.Blobs.ShouldContainKey(("team/app", Blob.Digest));
        registry.Requests.Count(r => r.Method == "POST").ShouldBe(2);
    }

    [Fact]
    public async Task BodyTooLarge_SentInChunks()
    {
        var big = TestImage.Layer(42, 70_000_000);
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { MaxRequestBytes = 40_000_000, ChunkMinLength = 34_000_000, RelativeLocations = true });

        await UploadAsync(registry, big);

        registry.State.Blobs.ShouldContainKey(("team/app", big.Digest));
        registry.Requests.Where(r => r.Method == "PATCH").Select(r => r.Range)
            .ShouldBe(["0-33999999", "34000000-67999999", "68000000-69999999"]);
        registry.State.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task OddStatusCodesAndRelativeLocations_Accepted()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { OddStatusCodes = true, RelativeLocations = true });
        registry.With(Fault.Bend("PUT", "/uploads/", new BodyFault { CutRequestAfter = 1_000_000 }, times: 1));

        await UploadAsync(registry);

        ShouldHold(registry);
    }

    [Fact]
    public async Task DropsAlways_BoundedAndAbandoned()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Bend("PUT", "/uploads/", new BodyFault { CutRequestAfter = 10 }));
        registry.With(Fault.Bend("PATCH", "/uploads/", new BodyFault { CutRequestAfter = 10 }));

        var e = await Should.ThrowAsync<RegistryException>(() => UploadAsync(registry));

        e.Fault.ShouldBe(RegistryFault.Unreachable);
        registry.Requests.Count.ShouldBeLessThan(40);
        registry.State.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task SourceFails_ItsFailureReportedAndNothingKept()
    {
        await using var source = await FaultyRegistry.StartAsync();
        source.State.Blobs[("team/app", Blob.Digest)] = Blob.Content;
        source.With(Fault.Bend("GET", "/blobs/", new BodyFault { AlterAnswer = true }));
        await using var target = await FaultyRegistry.StartAsync();

        var e = await Should.ThrowAsync<RegistryException>(() => CopyAsync(source, target));

        e.Fault.ShouldBe(RegistryFault.WrongContent);
        e.Message.ShouldContain(source.Host);
        target.State.Blobs.ShouldBeEmpty();
        target.State.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task BothLinksDrop_CopiedWhole()
    {
        await using var source = await FaultyRegistry.StartAsync();
        source.State.Blobs[("team/app", Blob.Digest)] = Blob.Content;
        source.With(Fault.Bend("GET", "/blobs/", new BodyFault { CutAnswerAfter = 700_000 }, times: 3));
        await using var target = await FaultyRegistry.StartAsync();
        target.With(Fault.Bend("PUT", "/uploads/", new BodyFault { CutRequestAfter = 500_000 }, times: 1));
        target.With(Fault.Bend("PATCH", "/uploads/", new BodyFault { CutRequestAfter = 500_000 }, times: 1));

        await CopyAsync(source, target);

        ShouldHold(target);
    }

    [Fact]
    public async Task SmallLimits_ManyUploadsAtOnce_NoDeadlock()
    {
        using var narrow = new RegistryClients(Quick with { MaxConcurrentRequests = 1 }, TimeProvider.System);
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { Mounts = false });
        registry.State.Blobs[("team/app", Blob.Digest)] = Blob.Content;
        var client = narrow.For(registry.Host);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => client.UploadBlobAsync(
            $"team/copy{i}", Blob.ToDescriptor(), (offset, token) => client.OpenBlobAsync("team/app", Blob.ToDescriptor(), offset, token), Token)));

        registry.State.Blobs.Count.ShouldBe(7);
    }

    private Task UploadAsync(FaultyRegistry registry, TestBlob? blob = null) =>
        _clients.For(registry.Host).UploadBlobAsync("team/app", (blob ?? Blob).ToDescriptor(), (blob ?? Blob).ToSource(), Token);

    private Task CopyAsync(FaultyRegistry source, FaultyRegistry target) => _clients.For(target.Host).UploadBlobAsync(
        "team/app", Blob.ToDescriptor(), (offset, token) => _clients.For(source.Host).OpenBlobAsync("team/app", Blob.ToDescriptor(), offset, token), Token);

    private static void ShouldHold(FaultyRegistry registry)
    {
        registry.State.Blobs[("team/app", Blob.Digest)].AsSpan().SequenceEqual(Blob.Content).ShouldBeTrue();
        registry.State.Uploads.ShouldBeEmpty();
    }
}
