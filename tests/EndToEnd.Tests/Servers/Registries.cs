using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests.Servers;

/// <summary>Two real registries: the source is open, the target wants a login.</summary>
public sealed class Registries : IAsyncLifetime
{
    public DockerRegistry Source { get; private set; } = null!;

    public DockerRegistry Target { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Source = await DockerRegistry.StartAsync();
        Target = await DockerRegistry.StartAsync(withLogin: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}

/// <summary>One test after another: each starts processes of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedRegistries : ICollectionFixture<Registries>
{
    public const string Name = "registries";
}
