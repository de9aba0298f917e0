using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests.Servers;

/// <summary>Two real registries: the source is open, the target wants a login.</summary>
public sealed class Registries : IAsyncLifetime
{
    private DockerRegistry? _source;
    private DockerRegistry? _target;

    public DockerRegistry Source => Peer.Of(_source, DockerRegistry.Missing);

    public DockerRegistry Target => Peer.Of(_target, DockerRegistry.Missing);

    public async ValueTask InitializeAsync()
    {
        _source = await DockerRegistry.StartIfInstalledAsync();
        _target = await DockerRegistry.StartIfInstalledAsync(withLogin: true);
    }

    public async ValueTask DisposeAsync()
    {
        await (_source?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_target?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

/// <summary>One test after another: each starts processes of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedRegistries : ICollectionFixture<Registries>
{
    public const string Name = "registries";
}
