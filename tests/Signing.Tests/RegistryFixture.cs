using Ebb.Signing.Tests;
using Ebb.TestServers.Registry;

[assembly: AssemblyFixture(typeof(RegistryFixture))]

namespace Ebb.Signing.Tests;

/// <summary>One real registry for all tests; each uses a repository of its own.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    public DockerRegistry Registry { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Registry = await DockerRegistry.StartAsync();

    public ValueTask DisposeAsync() => Registry.DisposeAsync();
}
