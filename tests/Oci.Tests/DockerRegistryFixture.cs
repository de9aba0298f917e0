using Ebb.TestServers.Registry;

namespace Ebb.Oci.Tests;

/// <summary>One real registry for the tests of a collection; each test uses repositories of its own.</summary>
public sealed class DockerRegistryFixture : IAsyncLifetime
{
    public DockerRegistry Open { get; private set; } = null!;

    public DockerRegistry WithLogin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Open = await DockerRegistry.StartAsync();
        WithLogin = await DockerRegistry.StartAsync(withLogin: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Open.DisposeAsync();
        await WithLogin.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RealRegistries : ICollectionFixture<DockerRegistryFixture>
{
    public const string Name = "docker-registry";
}
