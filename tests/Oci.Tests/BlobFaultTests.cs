using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

public sealed class BlobFaultTests : IAsyncLifetime
{
    private static readonly TestBlob Blob = TestImage.Layer(30, 300_000);
    private readonly RegistryClients _clients = new(Quick with { StallTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System);
    private FaultyRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await StartAsync(new RegistryBehaviour());

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task LinkDropped_ResumedByRange()
    {
        _registry.With(Fault.Bend("GET", "/blobs/", new BodyFault { CutAnswerAfter = 100_000 }, times: 2));

        (await ReadAsync(_registry)).AsSpan().SequenceEqual(Blob.Content).ShouldBeTrue();

        _registry.Requests.Select(r => r.Range).ShouldBe([null, "bytes=100000-", "bytes=200000-"]);
    }

    [Fact]
    public async Task LinkDropped_NoRanges_SkipsWhatWasRead()
    {
        await using var other = await StartAsync(new RegistryBehaviour { Ranges = false });
        other.With(Fault.Bend("GET", "/blobs/", new BodyFault { CutAnswerAfter = 100_000 }, times: 1));

        (await ReadAsync(other)).AsSpan().SequenceEqual(Blob.Content).ShouldBeTrue();
    }

    [Fact]
    public async Task Silence_CountsAsDroppedLink()
    {
        _registry.With(Fault.Bend("GET", "/blobs/", new BodyFault { StallAnswerAfter = 1000 }, times: 1));

        (await ReadAsync(_registry)).AsSpan().SequenceEqual(Blob.Content).ShouldBeTrue();

        _registry.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task LinkDroppedAlways_BoundedAndNamed()
    {
        _registry.With(Fault.Bend("GET", "/blobs/", new BodyFault { CutAnswerAfter = 1000 }));

        var e = await Should.ThrowAsync<RegistryException>(() => ReadAsync(_registry));

        e.Fault.ShouldBe(RegistryFault.Unreachable);
        _registry.Requests.Count.ShouldBeLessThan(40);
    }

    [Fact]
    public async Task WrongDigest_ThrowsBeforeLastBytes()
    {
        _registry.With(Fault.Bend("GET", "/blobs/", new BodyFault { AlterAnswer = true }));
        await using var stream = await _clients.For(_registry.Host).OpenBlobAsync("team/app", Blob.ToDescriptor(), Token);
        using var target = new MemoryStream();

        var e = await Should.ThrowAsync<RegistryException>(() => stream.CopyToAsync(target, Token));

        e.Fault.ShouldBe(RegistryFault.WrongContent);
        e.Message.ShouldContain(Blob.Digest);
        target.Length.ShouldBeLessThan(Blob.Content.Length);
    }

    [Fact]
    public async Task Endless_WrongContent()
    {
        _registry.With(Fault.Bend("GET", "/blobs/", new BodyFault { EndlessAnswer = true }));

        (await Should.ThrowAsync<RegistryException>(() => ReadAsync(_registry))).Fault.ShouldBe(RegistryFault.WrongContent);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task LengthDiffers_WrongContent(int difference)
    {
        var wrong = Blob.ToDescriptor() with { Size = Blob.Content.Length + difference };

        (await Should.ThrowAsync<RegistryException>(() => _clients.For(_registry.Host).OpenBlobAsync("team/app", wrong, Token)))
            .Fault.ShouldBe(RegistryFault.WrongContent);
    }

    [Fact]
    public async Task RedirectedToOtherHost_NoCredentialsThere()
    {
        await using var other = await OtherHost.StartAsync();
        other.Contents[Blob.Digest] = Blob.Content;
        await using var redirecting = await StartAsync(new RegistryBehaviour { RedirectBlobsTo = other.Address, Login = "basic", Username = "ebb", Password = "p" });
        using var own = new RegistryClients(
            Quick with { Registries = [new RegistryOptions { Host = redirecting.Host, Username = "ebb", Password = "p" }] }, TimeProvider.System);

        var content = await ReadAllAsync(await own.For(redirecting.Host).OpenBlobAsync("team/app", Blob.ToDescriptor(), Token));

        content.AsSpan().SequenceEqual(Blob.Content).ShouldBeTrue();
        other.Requests.Single().Authorization.ShouldBeNull();
        redirecting.Requests[^1].Authorization.ShouldNotBeNull();
    }

    [Fact]
    public async Task ReadBlob_LongerThanAllowed_NotAsked()
    {
        var e = await Should.ThrowAsync<RegistryException>(() => _clients.For(_registry.Host).ReadBlobAsync("team/app", Blob.ToDescriptor(), 1000, Token));

        e.Message.ShouldContain("at most 1000");
        _registry.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelled_StopsAtOnce()
    {
        _registry.With(Fault.Bend("GET", "/blobs/", new BodyFault { StallAnswerAfter = 10 }));
        await using var stream = await _clients.For(_registry.Host).OpenBlobAsync("team/app", Blob.ToDescriptor(), Token);
        using var cancellation = new CancellationTokenSource();
        (await stream.ReadAsync(new byte[10], cancellation.Token)).ShouldBe(10);
        var read = stream.ReadAsync(new byte[10], cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await read);
        _registry.Requests.Count.ShouldBe(1);
    }

    private async Task<byte[]> ReadAsync(FaultyRegistry from) =>
        await ReadAllAsync(await _clients.For(from.Host).OpenBlobAsync("team/app", Blob.ToDescriptor(), Token));

    private static async Task<FaultyRegistry> StartAsync(RegistryBehaviour behaviour)
    {
        var started = await FaultyRegistry.StartAsync(behaviour);
        started.State.Blobs[("team/app", Blob.Digest)] = Blob.Content;
        return started;
    }
}
