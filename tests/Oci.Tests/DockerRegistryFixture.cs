using Ebb.TestServers.Registry;

namespace Ebb.Oci.Tests;

/// <summary>One real registry for the tests of a collection; each test uses repositories of its own.</summary>
public sealed class DockerRegistryFixture : IAsyncLifetime
{
    private DockerRegistry? _open;
    private DockerRegistry? _withLogin;

    public DockerRegistry Open => Peer.Of(_open, DockerRegistry.Missing);

    public DockerRegistry WithLogin => Peer.Of(_withLogin, DockerRegistry.Missing);

    public async ValueTask InitializeAsync()
    {
        _open = await DockerRegistry.StartIfInstalledAsync();
        _withLogin = await DockerRegistry.StartIfInstalledAsync(withLogin: true);
    }

    public async ValueTask DisposeAsync()
    {
        await (_open?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_withLogin?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

[CollectionDefinition(Name)]
public sealed class RealRegistries : ICollectionFixture<DockerRegistryFixture>
{
    public const string Name = "docker-registry";
}
