using Ebb.ImageMirror.Tests.Servers;

namespace Ebb.ImageMirror.Tests.Mirroring;

/// <summary>A test with a mirror of its own between the two real registries.</summary>
[Collection(RealRegistriesDefinition.Name)]
public abstract class MirrorTest(RealRegistries real) : IAsyncLifetime
{
    private protected MirrorBench Bench { get; private set; } = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Bench = await MirrorBench.StartAsync(real);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Bench.DisposeAsync();
    }

    /// <summary>A path of this test's repositories, as the registry's log shows it.</summary>
    private protected string Path(string rest) => $"/v2/{Bench.Prefix}/{rest}";
}
