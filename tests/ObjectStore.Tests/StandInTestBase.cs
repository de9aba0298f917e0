using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

/// <summary>A stand-in of its own for each test.</summary>
public abstract class StandInTestBase : StoreTestBase, IAsyncLifetime
{
    private protected static readonly ObjectKey Key = ObjectKey.Parse("prod.snap.age");

    private protected S3Server Server { get; private set; } = null!;

    private protected IObjectStore Store { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Server = await S3Server.StartAsync();
        Store = Open(Options(Server.Login, "etcd"));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected int Count(string operation) => Server.Requests.Count(request => request.Name == operation);
}
