using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>A real registry to mirror from and one to mirror into; each test uses repositories of its own.</summary>
public sealed class RealRegistries : IAsyncLifetime
{
    private DockerRegistry? _source;
    private DockerRegistry? _target;

    public DockerRegistry Source => Peer.Of(_source, DockerRegistry.Missing);

    public DockerRegistry Target => Peer.Of(_target, DockerRegistry.Missing);

    public async ValueTask InitializeAsync()
    {
        _source = await DockerRegistry.StartIfInstalledAsync();
        _target = await DockerRegistry.StartIfInstalledAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_source?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_target?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

[CollectionDefinition(Name)]
public sealed class RealRegistriesDefinition : ICollectionFixture<RealRegistries>
{
    public const string Name = "two docker-registry processes";
}
