using Ebb.Signing.Tests;
using Ebb.TestServers.Registry;

[assembly: AssemblyFixture(typeof(RegistryFixture))]

namespace Ebb.Signing.Tests;

/// <summary>One real registry for all tests; each uses a repository of its own.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    private DockerRegistry? _registry;

    public DockerRegistry Registry => Peer.Of(_registry, DockerRegistry.Missing);

    public async ValueTask InitializeAsync() => _registry = await DockerRegistry.StartIfInstalledAsync();

    public ValueTask DisposeAsync() => _registry?.DisposeAsync() ?? ValueTask.CompletedTask;
}
