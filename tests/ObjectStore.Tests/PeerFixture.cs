using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

/// <summary>One server for all tests of a class; absent where it is not installed.</summary>
public abstract class PeerFixture : IAsyncLifetime
{
    private S3Process? _server;

    public S3Process Server => Peer.Of(_server, Missing);

    protected abstract string Missing { get; }

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task<S3Process?> StartAsync();
}

public sealed class S3rverFixture : PeerFixture
{
    protected override string Missing => "There is no s3rver: install it from npm and set EBB_S3RVER to its bin/s3rver.js.";

    protected override async Task<S3Process?> StartAsync() => S3rverServer.Program is null ? null : await S3rverServer.StartAsync();
}

public sealed class SwiftFixture : PeerFixture
{
    protected override string Missing => "There is no Swift: install Debian's python3-swift, or set EBB_SWIFT_PYTHON.";

    protected override async Task<S3Process?> StartAsync() => SwiftServer.Python is null ? null : await SwiftServer.StartAsync();
}
