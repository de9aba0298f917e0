using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

public sealed class NamedCauseTests : IDisposable
{
    private static readonly TestImage Image = TestImage.Create(60, layerBytes: [10_000]);
    private readonly RegistryClients _clients = new(Quick, TimeProvider.System);

    public void Dispose() => _clients.Dispose();

    [Fact]
    public async Task ImmutableTag_Named()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { ImmutableTags = true });
        registry.Add("team/app", Image, "v1");
        registry.Add("team/app", TestImage.Create(61));

        var e = await Should.ThrowAsync<RegistryException>(
            () => _clients.For(registry.Host).PutManifestAsync("team/app", "v1", TestImage.Create(61).Index.ToManifest(), Token));

        (e.Fault, e.Codes).ShouldBe((RegistryFault.ImmutableTag, e.Codes));
        e.Message.ShouldContain("team/app:v1");
        e.Message.ShouldContain(e.Remedy!);
    }

    [Fact]
    public async Task ContentTrust_Named()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Status("GET", "/manifests/", 412, code: "PROJECTPOLICYVIOLATION", message: "The image is not signed by cosign."));

        (await FaultOfAsync(() => _clients.For(registry.Host).GetManifestAsync("team/app", "v1", Token))).ShouldBe(RegistryFault.PolicyViolation);
    }

    [Fact]
    public async Task Quota_NamedNotRepeatedNothingLeftOpen()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { QuotaBytes = 1000 });

        (await FaultOfAsync(() => UploadAsync(registry))).ShouldBe(RegistryFault.QuotaExceeded);

        registry.Requests.Select(r => r.Method).ShouldBe(["POST", "PUT", "DELETE"]);
        registry.State.Uploads.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(507, "full")]
    [InlineData(500, "write /data: no space left on device")]
    public async Task StorageFull_NamedNothingLeftOpen(int status, string message)
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Status("PUT", "/uploads/", status, message: message));

        (await FaultOfAsync(() => UploadAsync(registry))).ShouldBe(RegistryFault.StorageFull);

        registry.State.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forbidden_Denied()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Status("POST", "/uploads/", 403, code: "DENIED", message: "requested access to the resource is denied"));

        (await FaultOfAsync(() => UploadAsync(registry))).ShouldBe(RegistryFault.Denied);
    }

    [Fact]
    public async Task HarborProjectMissing_NamedThenCreated()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { HarborProjects = ["library"] });
        var client = _clients.For(registry.Host);

        var e = await Should.ThrowAsync<RegistryException>(() => UploadAsync(registry));
        e.Fault.ShouldBe(RegistryFault.ProjectMissing);
        e.Message.ShouldContain("'team'");
        (await client.Harbor.IsHarborAsync(Token)).ShouldBeTrue();
        (await client.Harbor.ProjectExistsAsync("team", Token)).ShouldBeFalse();
        (await client.Harbor.ProjectExistsAsync("library", Token)).ShouldBeTrue();

        await client.Harbor.CreateProjectAsync("team", isPublic: false, Token);
        await client.Harbor.CreateProjectAsync("team", isPublic: false, Token);

        await UploadAsync(registry);
    }

    [Fact]
    public async Task HarborProject_NotAllowedToCreate_Denied()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { HarborProjects = [], MayCreateProjects = false });

        (await FaultOfAsync(() => _clients.For(registry.Host).Harbor.CreateProjectAsync("team", isPublic: true, Token))).ShouldBe(RegistryFault.Denied);
    }

    [Fact]
    public async Task Unauthorized_NoHarbor_StaysUnauthorized()
    {
        await using var registry = await FaultyRegistry.StartAsync(new RegistryBehaviour { Login = "basic", Username = "ebb" });

        (await FaultOfAsync(() => UploadAsync(registry))).ShouldBe(RegistryFault.Unauthorized);
    }

    [Fact]
    public async Task RegistryStoresAnotherDigest_WrongContent()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.With(Fault.Instead("PUT", "/manifests/", context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers["Docker-Content-Digest"] = Image.Index.Digest;
            return Task.CompletedTask;
        }));

        (await FaultOfAsync(() => _clients.For(registry.Host).PutManifestAsync("team/app", "v1", Image.Manifests[0].ToManifest(), Token)))
            .ShouldBe(RegistryFault.WrongContent);
    }

    private Task UploadAsync(FaultyRegistry registry) =>
        _clients.For(registry.Host).UploadBlobAsync("team/app", Image.Blobs[1].ToDescriptor(), Image.Blobs[1].ToSource(), Token);

    private static async Task<RegistryFault> FaultOfAsync(Func<Task> act) => (await Should.ThrowAsync<RegistryException>(act)).Fault;
}
