using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>A real registry to mirror from and one to mirror into; each test uses repositories of its own.</summary>
public sealed class RealRegistries : IAsyncLifetime
{
    public DockerRegistry Source { get; private set; } = null!;

    public DockerRegistry Target { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Source = await DockerRegistry.StartAsync();
        Target = await DockerRegistry.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RealRegistriesDefinition : ICollectionFixture<RealRegistries>
{
    public const string Name = "two docker-registry processes";
}
